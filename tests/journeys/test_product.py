"""The product as processes: it serves a company, and a new one begins with its set-up."""

import httpx
import pytest

from tests.journeys.conftest import sign_in
from tests.journeys.product import Product

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.xdist_group("journeys")]


def test_the_served_company_lets_its_people_in(desk, product_of_processes: Product):
    sign_in(desk, product_of_processes.address, "administrator")
    assert desk.locator(".side").is_visible()


def test_a_new_product_leads_to_its_set_up(new_product: Product):
    answer = httpx.get(new_product.address + "/", follow_redirects=False, trust_env=False, timeout=60)
    assert (answer.status_code, answer.headers["location"]) == (303, "/set-up")
