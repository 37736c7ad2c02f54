-- What was destroyed in a class, listed with what is exported from there.
CREATE INDEX tombstone_class ON tombstone (class_code);
