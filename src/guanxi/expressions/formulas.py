"""Reading a formula in the manner of a spreadsheet: ``IF(amount > 100000, "A", "B")``.

Python's own parser settles what binds tighter, and nothing else: every name, text and number is replaced by a
numbered word before it, and put back into our tree after it. Nothing is ever evaluated.
"""

import ast
from bisect import bisect_right
from collections.abc import Callable, Sequence
from decimal import Decimal

from guanxi.expressions.functions import FUNCTIONS
from guanxi.expressions.syntax import DEEPEST, MOST_NODES, Call, Expression, Literal, Path
from guanxi.expressions.tokens import Token, refused, tokens
from guanxi.kernel.errors import Invalid, Problem
from guanxi.kernel.text import say

Resolve = Callable[[tuple[str, ...]], Path]

_CONSTANTS = {"TRUE": True, "FALSE": False, "NULL": None}
_WORDS = ("AND", "OR", "NOT", "IN")
_SPELLING = {"=": "==", "<>": "!="}
_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Mod: "MOD",
    ast.BitAnd: "CONCAT",
    ast.Eq: "=",
    ast.NotEq: "<>",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.And: "AND",
    ast.Or: "OR",
}


def parse_formula(text: str, *, resolve: Resolve = Path) -> Expression:
    """Return the tree *text* stands for; raise `Invalid` with the column and what would be right.

    *resolve* turns the written parts of a field path (names or labels, such as ``客户.名称``) into a `Path`;
    an `Invalid` or `UnknownName` it raises is passed on. The kinds are judged apart, by `checking.check`.
    """
    # A spreadsheet's leading = says nothing; a space in its place keeps the columns.
    begin = text.lstrip()[:1]
    found = tokens(text.replace(begin, " ", 1) if begin in ("=", "＝") else text)
    if not found:
        raise refused(
            1, say('the formula is empty; right would be, for example, IF(amount > 1000, "A", "B")')
        )
    _check_shape(found)
    return _Reader(found, resolve).read()


def _check_shape(found: Sequence[Token]) -> None:
    """Refuse what makes Python's parser say something a person would not understand."""
    open_brackets: list[Token] = []
    for before, token in zip((None, *found), found, strict=False):
        if token.value == ")" and token.sort == "sign":
            if not open_brackets:
                raise refused(token.column, say("this ) closes nothing; a ( is missing before it"))
            open_brackets.pop()
        elif _opens(token):
            open_brackets.append(token)
        if len(open_brackets) >= DEEPEST:
            raise refused(token.column, say("the brackets are too deep: at most {deepest}", deepest=DEEPEST))
        if before is not None and _ends_value(before) and _begins_value(token):
            raise refused(token.column, say("a sign or a comma is missing before this"))
    if open_brackets:
        raise refused(open_brackets[-1].column, say("this ( has no closing )"))
    if not _ends_value(found[-1]):
        raise refused(found[-1].column, say("a value is missing after this"))
    if len(found) > MOST_NODES:
        raise refused(
            found[MOST_NODES].column, say("the formula has too many parts: at most {most}", most=MOST_NODES)
        )


def _word(token: Token) -> str:
    """Return the word AND, OR, NOT, IN or constant a name token may be, else nothing."""
    known = token.sort == "name" and len(token.value) == 1
    return token.value[0].upper() if known and token.value[0].upper() in (*_WORDS, *_CONSTANTS) else ""


def _opens(token: Token) -> bool:
    return token.sort == "sign" and token.value == "("


def _ends_value(token: Token) -> bool:
    return token.value == ")" if token.sort == "sign" else _word(token) not in _WORDS


def _begins_value(token: Token) -> bool:
    return token.sort != "sign" and _word(token) not in _WORDS


class _Reader:
    """Reads one formula: spells it for Python's parser, and turns what that finds into our tree."""

    def __init__(self, found: Sequence[Token], resolve: Resolve) -> None:
        self.found = found
        self.resolve = resolve
        self.starts: list[int] = []

    def read(self) -> Expression:
        try:
            tree = ast.parse(self._spell(), mode="eval").body
            return self._node(tree, 1)
        except SyntaxError as error:
            # The column Python names may lie behind the last token: it then means the end.
            token = self._token((error.offset or 1) - 1)
            raise refused(
                token.column,
                say("the formula does not go on here as it should; a value, a sign or a comma is missing"),
            ) from None
        except (RecursionError, MemoryError):
            raise self._too_deep() from None

    def _spell(self) -> str:
        """Return the formula in Python's spelling, and note where each token starts in it."""
        source = ""
        for at, token in enumerate(self.found):
            self.starts.append(len(source))
            source += self._spelling(at, token) + " "
        return source

    def _spelling(self, at: int, token: Token) -> str:
        if token.sort == "sign":
            return _SPELLING.get(token.value, str(token.value))
        return _word(token).lower() if self._is_word(at, token) else f"w{at}"

    def _is_word(self, at: int, token: Token) -> bool:
        """Tell whether a name is an operator; before a bracket and after no value, AND( is a function."""
        if _word(token) not in _WORDS:
            return False
        before_bracket = self.found[at + 1 : at + 2] and _opens(self.found[at + 1])
        not_in = _word(token) == "IN" and at > 1 and _word(self.found[at - 1]) == "NOT"
        return not before_bracket or self._after_value(at - 1 if not_in else at)

    def _after_value(self, at: int) -> bool:
        return at > 0 and _ends_value(self.found[at - 1])

    def _token(self, offset: int) -> Token:
        return self.found[max(0, bisect_right(self.starts, offset) - 1)]

    def _column(self, node: ast.expr) -> int:
        return self._token(node.col_offset).column

    def _too_deep(self) -> Invalid:
        return Invalid(
            [Problem(None, say("the formula is too deep: at most {deepest} levels", deepest=DEEPEST))]
        )

    def _node(self, node: ast.expr, depth: int) -> Expression:
        if depth > DEEPEST:
            raise self._too_deep()
        match node:
            case ast.Name(id=word):
                return self._leaf(self.found[int(word[1:])])
            case ast.Call(func=ast.Name(id=word), args=arguments, keywords=[]):
                return self._call(self.found[int(word[1:])], arguments, depth)
            case ast.BoolOp(op=operator, values=values):
                return self._operation(operator, values, depth)
            case ast.BinOp(op=operator) if type(operator) in _OPERATORS:
                return self._operation(operator, _operands(node), depth)
            case ast.UnaryOp(op=operator, operand=operand):
                return self._unary(operator, self._node(operand, depth + 1))
            case ast.Compare(left=left, ops=operators, comparators=others):
                return self._comparison([left, *others], operators, depth)
            case _:
                raise refused(
                    self._column(node),
                    say("this is not part of a formula; a value or a function is expected"),
                )

    def _leaf(self, token: Token) -> Expression:
        try:
            if token.sort in ("text", "number"):
                return Literal(token.value)
            word = _word(token)
            return Literal(_CONSTANTS[word]) if word in _CONSTANTS else self.resolve(token.value)
        except Invalid as error:
            raise refused(token.column, error.message) from None

    def _call(self, token: Token, arguments: Sequence[ast.expr], depth: int) -> Expression:
        name = ".".join(token.value).upper() if token.sort == "name" else str(token.value)
        if name not in FUNCTIONS:
            raise refused(
                token.column,
                say(
                    "there is no function {name}; there are: {known}",
                    name=name,
                    known=[known for known in FUNCTIONS if known.isalpha()],
                ),
            )
        return Call(name, tuple(self._node(argument, depth + 1) for argument in arguments))

    def _operation(self, operator: ast.AST, values: Sequence[ast.expr], depth: int) -> Expression:
        return Call(_OPERATORS[type(operator)], tuple(self._node(value, depth + 1) for value in values))

    def _unary(self, operator: ast.unaryop, operand: Expression) -> Expression:
        if isinstance(operator, ast.Not):
            return Call("NOT", (operand,))
        if isinstance(operator, ast.UAdd):
            return operand
        if isinstance(operand, Literal) and isinstance(operand.value, Decimal):
            return Literal(-operand.value)
        return Call("-", (Literal(0), operand))

    def _comparison(
        self, operands: Sequence[ast.expr], operators: Sequence[ast.cmpop], depth: int
    ) -> Expression:
        """Read ``a < b <= c`` as its steps joined by AND."""
        steps = tuple(
            self._step(left, operator, right, depth + (len(operators) > 1))
            for left, operator, right in zip(operands, operators, operands[1:], strict=False)
        )
        return steps[0] if len(steps) == 1 else Call("AND", steps)

    def _step(self, left: ast.expr, operator: ast.cmpop, right: ast.expr, depth: int) -> Expression:
        if not isinstance(operator, ast.In | ast.NotIn):
            return self._operation(operator, [left, right], depth)
        choices = right.elts if isinstance(right, ast.Tuple) else [right]
        found = Call("IN", tuple(self._node(each, depth + 1) for each in [left, *choices]))
        return Call("NOT", (found,)) if isinstance(operator, ast.NotIn) else found


def _operands(node: ast.BinOp) -> list[ast.expr]:
    """Return the two operands, or all of ``a & b & c``, which Python's parser nests to the left."""
    if not isinstance(node.op, ast.BitAnd):
        return [node.left, node.right]
    return _chain(node)


def _chain(node: ast.expr) -> list[ast.expr]:
    operands: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd):
        operands.append(node.right)
        node = node.left
    return [node, *reversed(operands)]
