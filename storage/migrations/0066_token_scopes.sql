-- What a token may be used for (storage/token_scopes.h). Those that there are keep all that they could do.

ALTER TABLE api_token ADD COLUMN scopes TEXT NOT NULL DEFAULT 'read add change records audit administer';
