"""Every kind of activity besides the role-play: its model, its pure scoring, what it shows."""
