-- What is found on a document's pages and may be the value of a field (storage/document_fields.h); '' = nothing is.
ALTER TABLE custom_field ADD COLUMN fill_from TEXT NOT NULL DEFAULT '' CHECK (
  fill_from = ''
  OR kind = 'amount' AND fill_from = 'amount'
  OR kind = 'date' AND fill_from = 'due_date'
  OR kind = 'text' AND fill_from IN (
    'organisation_number', 'invoice_number', 'reference', 'ocr_number', 'bankgiro', 'plusgiro', 'iban'));
