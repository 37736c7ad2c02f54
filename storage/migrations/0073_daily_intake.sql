-- What each account has brought in on a day, while there is a daily quota (intake.daily_quota).
CREATE TABLE daily_intake (
  account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
  day        TEXT NOT NULL,     -- of the machine's time zone
  bytes      INTEGER NOT NULL CHECK (bytes >= 0),
  PRIMARY KEY (account_id, day)
) STRICT;
