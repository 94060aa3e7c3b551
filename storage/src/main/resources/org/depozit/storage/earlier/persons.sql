-- Stores whose V1 has the checksum -1853861260 kept the texts of From beside those of To, Cc and Bcc. Their numbers
-- stand in mailbox_message: both tables get every text under its number.

CREATE TABLE sender (
  id BIGINT PRIMARY KEY,
  hash BIGINT NOT NULL,
  length INT NOT NULL,
  text VARCHAR(2000) NOT NULL
);
INSERT INTO sender SELECT id, hash, length, text FROM person;
CREATE INDEX sender_by_hash ON sender (hash);
COMMENT ON TABLE sender IS 'The distinct decoded and folded texts of the From fields of an account';
COMMENT ON COLUMN sender.id IS 'Packed: account << 32 | number within the account, from 1';
COMMENT ON COLUMN sender.hash IS 'Of account and text: finds a text''s number';
COMMENT ON COLUMN sender.length IS 'Characters of the whole text';
COMMENT ON COLUMN sender.text IS 'Its first 2,000 characters; the rest stands in long_text';

CREATE TABLE recipient (
  id BIGINT PRIMARY KEY,
  hash BIGINT NOT NULL,
  length INT NOT NULL,
  text VARCHAR(2000) NOT NULL
);
INSERT INTO recipient SELECT id, hash, length, text FROM person;
CREATE INDEX recipient_by_hash ON recipient (hash);
COMMENT ON TABLE recipient IS 'The distinct decoded and folded texts of the To, Cc and Bcc fields of an account';
COMMENT ON COLUMN recipient.id IS 'Packed: account << 32 | number within the account, from 1';
COMMENT ON COLUMN recipient.hash IS 'Of account and text: finds a text''s number';
COMMENT ON COLUMN recipient.length IS 'Characters of the whole text';
COMMENT ON COLUMN recipient.text IS 'Its first 2,000 characters; the rest stands in long_text';

DROP TABLE person;

UPDATE long_text SET dictionary = 2 WHERE dictionary = 1;
INSERT INTO long_text SELECT 1, id, number, text FROM long_text WHERE dictionary = 0;
COMMENT ON TABLE long_text IS 'What of a sender, recipient or subject text is beyond its first 2,000 characters';
COMMENT ON COLUMN long_text.dictionary IS '0 sender, 1 recipient, 2 subject';
COMMENT ON COLUMN long_text.id IS 'The text''s id in the table of that dictionary';

COMMENT ON COLUMN mailbox_message.from_person IS 'From: number in the account''s senders; 0 if there is none';
COMMENT ON COLUMN mailbox_message.to_person IS 'To: number in the account''s recipients; 0 if there is none';
