"""IoT: the gateway's objects, and the token that lets us talk to it."""
