-- Custodians hear of a hold and of its release, borrowers that a file should have been back.
ALTER TABLE notification ADD COLUMN hold_id INTEGER REFERENCES hold (id);
CREATE INDEX notification_hold ON notification (hold_id) WHERE hold_id IS NOT NULL;
ALTER TABLE loan ADD COLUMN overdue_noted INTEGER NOT NULL DEFAULT 0;  -- 1: the log has told that its last day is over
CREATE INDEX loan_overdue ON loan (due_on) WHERE returned_at IS NULL AND overdue_noted = 0;
