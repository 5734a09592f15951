"""Who is acting: users, their passwords and their sessions."""
