-- What may stand where others than those who may read it see a title (Noark 5, skjerming); NULL: the title itself.

ALTER TABLE document ADD COLUMN public_title TEXT;
ALTER TABLE folder ADD COLUMN public_title TEXT;
