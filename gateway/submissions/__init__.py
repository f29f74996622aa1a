"""Every way in which a session begins: a form, a JSON body, uploads made before."""
