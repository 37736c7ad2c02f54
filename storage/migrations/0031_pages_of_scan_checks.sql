-- Which pages of a scan were compared with the paper; who did so and when stands with the check.

CREATE TABLE scan_check_page (
  check_id INTEGER NOT NULL REFERENCES scan_check (id) ON DELETE CASCADE,
  page     INTEGER NOT NULL CHECK (page > 0),
  PRIMARY KEY (check_id, page)
) STRICT;
CREATE TRIGGER scan_check_page_is_immutable BEFORE UPDATE ON scan_check_page
BEGIN SELECT RAISE(ABORT, 'a check of a scan is never altered; make another'); END;
CREATE TRIGGER scan_check_page_is_kept BEFORE DELETE ON scan_check_page
WHEN EXISTS (SELECT 1 FROM scan_check WHERE id = OLD.check_id)
BEGIN SELECT RAISE(ABORT, 'a check of a scan is never deleted'); END;
