-- Nearly every subject is new: looking for it and keeping an index of hashes cost a delivery more than the few that
-- are found again save. What is searched by subject reads the texts.

DROP INDEX subject_by_hash;
ALTER TABLE subject DROP COLUMN hash;
COMMENT ON TABLE subject IS 'Decoded and folded subjects of an account; those that come again soon share a row';
