-- Stores whose V1 has the checksum 818645244 or an earlier one noted no header fields; the rows follow from the messages.

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
