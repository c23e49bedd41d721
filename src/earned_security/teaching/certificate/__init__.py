"""Certificates of completion, how anybody checks one without a network, and what sponsors of continuing education ask for."""
