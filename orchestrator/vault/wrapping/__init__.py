"""Encrypting data keys with a key that is kept elsewhere: a file, AWS KMS, or HashiCorp Vault."""
