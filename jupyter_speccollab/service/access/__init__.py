"""Who may do what: roles, collaborators, tokens, and the audit trail."""
