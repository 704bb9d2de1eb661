"""Who a sign-in provider says somebody is: OpenID Connect, the authorization code flow with PKCE. The extra `oidc`."""
