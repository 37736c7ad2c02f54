-- Saved views that somebody follows: they hear of new documents that match (storage/view_news.h).
CREATE TABLE view_subscription (
  account_id INTEGER NOT NULL REFERENCES account (id),
  view_id    INTEGER NOT NULL REFERENCES saved_view (id) ON DELETE CASCADE,
  newest     INTEGER NOT NULL,  -- the newest document then: it and those before are no news
  PRIMARY KEY (account_id, view_id)
) STRICT;
CREATE INDEX view_subscription_view ON view_subscription (view_id);

-- What they were told of, so that nothing is told twice.
CREATE TABLE view_told (
  account_id  INTEGER NOT NULL,
  view_id     INTEGER NOT NULL,
  document_id INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
  PRIMARY KEY (account_id, view_id, document_id),
  FOREIGN KEY (account_id, view_id) REFERENCES view_subscription (account_id, view_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX view_told_document ON view_told (document_id);

-- Documents of which the index has learnt something new since they were last held against the followed views.
CREATE TABLE view_candidate (
  document_id INTEGER PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE,
  sequence    INTEGER NOT NULL  -- of the index queue: a document that changes again meanwhile has another
) STRICT;
CREATE TRIGGER indexed_document_may_be_news AFTER DELETE ON index_queue
WHEN EXISTS (SELECT 1 FROM view_subscription WHERE newest < OLD.document_id)
BEGIN
  INSERT INTO view_candidate (document_id, sequence)
  SELECT id, OLD.sequence FROM document WHERE id = OLD.document_id
  ON CONFLICT (document_id) DO UPDATE SET sequence = excluded.sequence;
END;

ALTER TABLE notification ADD COLUMN view_id INTEGER REFERENCES saved_view (id) ON DELETE SET NULL;
CREATE INDEX notification_view ON notification (view_id) WHERE view_id IS NOT NULL;
