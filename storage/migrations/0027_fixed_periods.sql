-- A fixed period now sets a deadline as well as a last day of keeping: where one is in use, the dates are reckoned anew.
INSERT INTO retention_queue (document_id)
SELECT document_id FROM record
WHERE EXISTS (SELECT 1 FROM schedule s JOIN schedule_version v ON v.schedule_id = s.id AND v.number = s.current
              WHERE v.kind = 'fixed' AND v.action IN ('destroy', 'transfer'))
ON CONFLICT DO NOTHING;
