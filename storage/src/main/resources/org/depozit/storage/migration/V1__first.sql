-- The store's tables. ${octets} is the dialect's type for up to 4,096 octets.
--
-- No foreign keys and no unique constraints beside the primary keys: the one writer guarantees both, and after a crash
-- changes are applied again to a state that may run ahead of them, so that two rows may share a name for a moment.
-- A packed key is (owner << 32 | number within the owner): one integer, by which the rows are clustered.

CREATE TABLE counter (
  name VARCHAR(40) PRIMARY KEY,
  last_value BIGINT NOT NULL
);
COMMENT ON TABLE counter IS 'The last number given in each row of numbers; no number is ever given twice';
COMMENT ON COLUMN counter.name IS 'account, mailbox, message or uid_validity';
COMMENT ON COLUMN counter.last_value IS 'The highest number given so far';
INSERT INTO counter (name, last_value) VALUES ('account', 0), ('mailbox', 0), ('message', 0), ('uid_validity', 0);

CREATE TABLE account (
  id INT PRIMARY KEY,
  name VARCHAR(255) NOT NULL,
  folded_name VARCHAR(5000) NOT NULL,
  password_hash VARCHAR(500) NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX account_by_name ON account (folded_name);
COMMENT ON TABLE account IS 'Who has mailboxes here';
COMMENT ON COLUMN account.id IS 'The number of the account, never reused';
COMMENT ON COLUMN account.name IS 'The name as it was given';
COMMENT ON COLUMN account.folded_name IS 'The name folded by i;unicode-casemap (RFC 5051): what a login is compared with';
COMMENT ON COLUMN account.password_hash IS 'argon2id, as a PHC string with its parameters';
COMMENT ON COLUMN account.created_at IS 'Epoch second';

CREATE TABLE mailbox (
  id INT PRIMARY KEY,
  account INT NOT NULL,
  name VARCHAR(1000) NOT NULL,
  special_use VARCHAR(20) NOT NULL,
  uid_validity BIGINT NOT NULL,
  uid_next BIGINT NOT NULL,
  highest_mod_seq BIGINT NOT NULL,
  messages INT NOT NULL,
  unseen INT NOT NULL,
  deleted INT NOT NULL,
  octets BIGINT NOT NULL
);
CREATE INDEX mailbox_by_name ON mailbox (account, name);
COMMENT ON TABLE mailbox IS 'Mailboxes with their counters, so that STATUS and a delivery read one row';
COMMENT ON COLUMN mailbox.id IS 'The number of the mailbox, never reused; the upper half of its messages'' packed ids';
COMMENT ON COLUMN mailbox.account IS 'Whose mailbox: account.id';
COMMENT ON COLUMN mailbox.name IS 'The whole name in Unicode (NFC), levels apart by a slash';
COMMENT ON COLUMN mailbox.special_use IS 'The special use (RFC 6154) without its backslash, or empty';
COMMENT ON COLUMN mailbox.uid_validity IS 'RFC 9051 section 2.3.1.1; ascending over the whole store';
COMMENT ON COLUMN mailbox.uid_next IS 'The UID that the next message gets';
COMMENT ON COLUMN mailbox.highest_mod_seq IS 'The mailbox''s last mod-sequence (RFC 7162)';
COMMENT ON COLUMN mailbox.messages IS 'How many messages';
COMMENT ON COLUMN mailbox.unseen IS 'How many without the flag Seen';
COMMENT ON COLUMN mailbox.deleted IS 'How many with the flag Deleted';
COMMENT ON COLUMN mailbox.octets IS 'Sum of the sizes';

CREATE TABLE subscription (
  account INT NOT NULL,
  name VARCHAR(1000) NOT NULL,
  PRIMARY KEY (account, name)
);
COMMENT ON TABLE subscription IS 'Names subscribed to, whether there is such a mailbox or not (RFC 9051 section 6.3.9)';
COMMENT ON COLUMN subscription.account IS 'Who subscribed: account.id';
COMMENT ON COLUMN subscription.name IS 'The mailbox''s whole name';

CREATE TABLE keyword (
  mailbox INT NOT NULL,
  flag_bit INT NOT NULL,
  name VARCHAR(255) NOT NULL,
  PRIMARY KEY (mailbox, flag_bit)
);
COMMENT ON TABLE keyword IS 'Which bit of mailbox_message.flags a keyword has in a mailbox';
COMMENT ON COLUMN keyword.mailbox IS 'mailbox.id';
COMMENT ON COLUMN keyword.flag_bit IS 'The bit, 5 to 62';
COMMENT ON COLUMN keyword.name IS 'The keyword as it was first spelled';

CREATE TABLE message (
  id BIGINT PRIMARY KEY,
  segment BIGINT NOT NULL,
  body_offset BIGINT NOT NULL,
  body_length BIGINT NOT NULL,
  sha256 ${octets} NOT NULL,
  structure ${octets} NOT NULL,
  message_id VARCHAR(1000) NOT NULL,
  base_subject VARCHAR(1000) NOT NULL
);
CREATE INDEX message_by_segment ON message (segment);
COMMENT ON TABLE message IS 'What all copies of a message share; a row lives while a mailbox_message names it';
COMMENT ON COLUMN message.id IS 'The number of the message, never reused';
COMMENT ON COLUMN message.segment IS 'The segment that holds the body; what no row names in a segment is dead';
COMMENT ON COLUMN message.body_offset IS 'Where the body starts in the segment';
COMMENT ON COLUMN message.body_length IS 'Octets of the body';
COMMENT ON COLUMN message.sha256 IS 'SHA-256 of the body, trace headers not included';
COMMENT ON COLUMN message.structure IS 'The encoded body structure; empty if it stands in table piece';
COMMENT ON COLUMN message.message_id IS 'Message-ID without quoting, cut to 1,000 characters; empty if there is none';
COMMENT ON COLUMN message.base_subject IS 'Base subject (RFC 5256 section 2.1), cut to 1,000 characters';

CREATE TABLE mailbox_message (
  id BIGINT PRIMARY KEY,
  mailbox INT NOT NULL,
  message BIGINT NOT NULL,
  flags BIGINT NOT NULL,
  mod_seq BIGINT NOT NULL,
  internal_date BIGINT NOT NULL,
  saved_at BIGINT NOT NULL,
  sent_day INT NOT NULL,
  size BIGINT NOT NULL,
  from_person INT NOT NULL,
  to_person INT NOT NULL,
  cc_person INT NOT NULL,
  bcc_person INT NOT NULL,
  subject INT NOT NULL,
  prefix ${octets} NOT NULL,
  envelope ${octets} NOT NULL
);
CREATE INDEX mailbox_message_by_message ON mailbox_message (message);
CREATE INDEX mailbox_message_by_from ON mailbox_message (from_person, id);
CREATE INDEX mailbox_message_by_to ON mailbox_message (to_person, id);
CREATE INDEX mailbox_message_by_cc ON mailbox_message (cc_person, id);
CREATE INDEX mailbox_message_by_bcc ON mailbox_message (bcc_person, id);
CREATE INDEX mailbox_message_by_subject ON mailbox_message (subject, id);
CREATE INDEX mailbox_message_by_flags ON mailbox_message (flags, id);
CREATE INDEX mailbox_message_by_mod_seq ON mailbox_message (mailbox, mod_seq);
COMMENT ON TABLE mailbox_message IS 'A message in a mailbox: all that a list of messages needs, in one scan without a join';
COMMENT ON COLUMN mailbox_message.id IS 'Packed: mailbox << 32 | UID';
COMMENT ON COLUMN mailbox_message.mailbox IS 'mailbox.id again, for the index by mod-sequence';
COMMENT ON COLUMN mailbox_message.message IS 'The shared part: message.id';
COMMENT ON COLUMN mailbox_message.flags IS 'Bits 0 to 4: Seen, Answered, Flagged, Deleted, Draft; 5 to 62: table keyword';
COMMENT ON COLUMN mailbox_message.mod_seq IS 'The mod-sequence of its last change (RFC 7162)';
COMMENT ON COLUMN mailbox_message.internal_date IS 'INTERNALDATE: epoch second << 12 | (zone in minutes + 2048)';
COMMENT ON COLUMN mailbox_message.saved_at IS 'Epoch second at which it came into this mailbox (RFC 8514)';
COMMENT ON COLUMN mailbox_message.sent_day IS 'Epoch day of its Date field as written; the lowest INT if there is none';
COMMENT ON COLUMN mailbox_message.size IS 'Octets as served: trace headers and body';
COMMENT ON COLUMN mailbox_message.from_person IS 'From: number in the account''s senders; 0 if there is none';
COMMENT ON COLUMN mailbox_message.to_person IS 'To: number in the account''s recipients; 0 if there is none';
COMMENT ON COLUMN mailbox_message.cc_person IS 'Cc: likewise';
COMMENT ON COLUMN mailbox_message.bcc_person IS 'Bcc: likewise';
COMMENT ON COLUMN mailbox_message.subject IS 'Subject: number in the account''s subject texts; 0 if there is none';
COMMENT ON COLUMN mailbox_message.prefix IS 'The trace headers of this copy; empty also if they stand in table piece';
COMMENT ON COLUMN mailbox_message.envelope IS 'The rendered ENVELOPE; empty if it stands in table piece';

CREATE TABLE header (
  id BIGINT PRIMARY KEY,
  message_id VARCHAR(2000) NOT NULL,
  in_reply_to VARCHAR(2000) NOT NULL,
  reference_ids VARCHAR(2000) NOT NULL,
  list_id VARCHAR(2000) NOT NULL,
  x_tuid VARCHAR(2000) NOT NULL
);
COMMENT ON TABLE header IS 'Decoded and folded header fields that are searched often, read in key order; a message without any has no row';
COMMENT ON COLUMN header.id IS 'Packed: mailbox << 32 | UID';
COMMENT ON COLUMN header.message_id IS 'Every Message-ID field, each ended by a line feed; cut if it ends with a form feed; empty if there is none';
COMMENT ON COLUMN header.in_reply_to IS 'In-Reply-To: likewise';
COMMENT ON COLUMN header.reference_ids IS 'References: likewise';
COMMENT ON COLUMN header.list_id IS 'List-Id: likewise';
COMMENT ON COLUMN header.x_tuid IS 'X-TUID, which mbsync writes: likewise';

CREATE TABLE piece (
  owner BIGINT NOT NULL,
  kind INT NOT NULL,
  number INT NOT NULL,
  octets ${octets} NOT NULL,
  PRIMARY KEY (owner, kind, number)
);
COMMENT ON TABLE piece IS 'What is longer than 4,096 octets, cut in pieces: no value of the database is larger';
COMMENT ON COLUMN piece.owner IS 'message.id or mailbox_message.id, by kind';
COMMENT ON COLUMN piece.kind IS '0 structure of a message; 1 prefix, 2 envelope of a mailbox_message';
COMMENT ON COLUMN piece.number IS 'Place in the row of pieces, from 0';
COMMENT ON COLUMN piece.octets IS 'Up to 4,096 octets';

CREATE TABLE expunged (
  id BIGINT PRIMARY KEY,
  mailbox INT NOT NULL,
  mod_seq BIGINT NOT NULL
);
CREATE INDEX expunged_by_mod_seq ON expunged (mailbox, mod_seq);
COMMENT ON TABLE expunged IS 'What is gone from a mailbox: QRESYNC''s memory (RFC 7162)';
COMMENT ON COLUMN expunged.id IS 'Packed: mailbox << 32 | UID';
COMMENT ON COLUMN expunged.mailbox IS 'mailbox.id again, for the index by mod-sequence';
COMMENT ON COLUMN expunged.mod_seq IS 'The mod-sequence at which it went';

CREATE TABLE sender (
  id BIGINT PRIMARY KEY,
  hash BIGINT NOT NULL,
  length INT NOT NULL,
  text VARCHAR(2000) NOT NULL
);
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
CREATE INDEX recipient_by_hash ON recipient (hash);
COMMENT ON TABLE recipient IS 'The distinct decoded and folded texts of the To, Cc and Bcc fields of an account';
COMMENT ON COLUMN recipient.id IS 'Packed: account << 32 | number within the account, from 1';
COMMENT ON COLUMN recipient.hash IS 'Of account and text: finds a text''s number';
COMMENT ON COLUMN recipient.length IS 'Characters of the whole text';
COMMENT ON COLUMN recipient.text IS 'Its first 2,000 characters; the rest stands in long_text';

CREATE TABLE subject (
  id BIGINT PRIMARY KEY,
  hash BIGINT NOT NULL,
  length INT NOT NULL,
  text VARCHAR(2000) NOT NULL
);
CREATE INDEX subject_by_hash ON subject (hash);
COMMENT ON TABLE subject IS 'The distinct decoded and folded subjects of an account';
COMMENT ON COLUMN subject.id IS 'Packed: account << 32 | number within the account, from 1';
COMMENT ON COLUMN subject.hash IS 'Of account and text: finds a text''s number';
COMMENT ON COLUMN subject.length IS 'Characters of the whole text';
COMMENT ON COLUMN subject.text IS 'Its first 2,000 characters; the rest stands in long_text';

CREATE TABLE long_text (
  dictionary INT NOT NULL,
  id BIGINT NOT NULL,
  number INT NOT NULL,
  text VARCHAR(2000) NOT NULL,
  PRIMARY KEY (dictionary, id, number)
);
COMMENT ON TABLE long_text IS 'What of a sender, recipient or subject text is beyond its first 2,000 characters';
COMMENT ON COLUMN long_text.dictionary IS '0 sender, 1 recipient, 2 subject';
COMMENT ON COLUMN long_text.id IS 'The text''s id in the table of that dictionary';
COMMENT ON COLUMN long_text.number IS 'Place in the row of pieces, from 1';
COMMENT ON COLUMN long_text.text IS 'Up to 2,000 characters';

CREATE TABLE uidl (
  id BIGINT PRIMARY KEY,
  uidl VARCHAR(70) NOT NULL
);
COMMENT ON TABLE uidl IS 'POP3 unique ids that are not made from UIDVALIDITY and UID: those of an imported mailbox';
COMMENT ON COLUMN uidl.id IS 'Packed: mailbox << 32 | UID';
COMMENT ON COLUMN uidl.uidl IS '1 to 70 characters of 0x21 to 0x7E (RFC 1939 section 7)';

CREATE TABLE maildrop (
  account INT PRIMARY KEY,
  last_uid BIGINT NOT NULL
);
COMMENT ON TABLE maildrop IS 'What POP3 remembers of an account';
COMMENT ON COLUMN maildrop.account IS 'account.id';
COMMENT ON COLUMN maildrop.last_uid IS 'The highest UID that a session has accessed: LAST starts from it (RFC 1460)';
