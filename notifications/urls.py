"""Addresses at which those who carry messages say what became of them."""

from __future__ import annotations

from django.urls import path

from notifications import views

urlpatterns = [path("receipts/<str:secret>/", views.sms_receipt, name="sms-receipt")]
