-- When a custodian who has not acknowledged a hold was last reminded of it.
ALTER TABLE hold_custodian ADD COLUMN reminded_on TEXT;
