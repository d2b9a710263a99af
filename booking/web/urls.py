"""Addresses of pages; the stable ones are promised to others."""

from __future__ import annotations

from allauth.account.views import login
from django.urls import URLPattern, URLResolver, include, path

from booking.web import board, diary

accounts: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.account.urls")),
    path("login/", login, name="account_login"),  # after the include: this is the address that links lead to
    path("i18n/", include("django.conf.urls.i18n")),
]

staff: list[URLPattern | URLResolver] = [
    path("diary/", diary.diary, name="diary"),
    path("diary/sessions/<uuid:session_id>/", diary.session_page, name="diary-session"),
    path("board/", board.board, name="board"),
    path("board/sessions/<uuid:session_id>/", board.session_page, name="board-session"),
    path("board/sessions/<uuid:session_id>/cancel/", board.cancel, name="board-session-cancel"),
    path("board/sessions/<uuid:session_id>/move/", board.move, name="board-session-move"),
    path("board/sessions/<uuid:session_id>/restore/", board.restore, name="board-session-restore"),
]

urlpatterns: list[URLPattern | URLResolver] = [*accounts, *staff]
