-- When the archive was last checked, asked often, without reading the jobs of all documents.
CREATE INDEX job_of_service ON job (kind, finished_at) WHERE document_id IS NULL;
