-- Documents of which a person decided what their pages are: what barcodes say later does not take them apart.

CREATE TABLE whole_document (
  document_id INTEGER PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE
) STRICT;
