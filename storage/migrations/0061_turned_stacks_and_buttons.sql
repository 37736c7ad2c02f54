-- Going on with a stack whose fronts and backs are in order adds pages behind it.
ALTER TABLE scan ADD COLUMN collated INTEGER NOT NULL DEFAULT 0 CHECK (collated IN (0, 1));
UPDATE scan SET collated = 1 WHERE pass = 2 AND state IN ('ready', 'filed');

-- The button on its scanner that scans as the profile says, for whoever set that up.
ALTER TABLE scan_profile ADD COLUMN button TEXT NOT NULL DEFAULT '';
ALTER TABLE scan_profile ADD COLUMN button_account_id INTEGER REFERENCES account (id);
CREATE UNIQUE INDEX scan_profile_button ON scan_profile (scanner, button) WHERE button <> '';
