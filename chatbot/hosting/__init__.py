"""Takes the list of the networks of a deployment; gives one ASGI application that leads each
request to the network whose address it asks for, and to no other.
"""
