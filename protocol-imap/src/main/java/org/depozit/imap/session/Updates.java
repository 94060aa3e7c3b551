package org.depozit.imap.session;

import java.io.IOException;
import java.util.Optional;
import org.depozit.imap.syntax.Strings;
import org.depozit.storage.News;
import org.depozit.storage.UidSet;
import org.depozit.storage.View;

/// Tells the client what has changed in its mailbox since it was last told: by other sessions, by
/// POP3, by delivery, and by itself. RFC 9051 §5.2, §7.5; RFC 7162 §3.1 for mod-sequences.
///
/// One question serves NOOP, IDLE and the end of every command: how does the version that the
/// session believes differ from the mailbox's latest one? Where EXPUNGE may not be told (the
/// answers to FETCH, STORE and SEARCH by number, RFC 9051 §7.5.1) and something has vanished, only
/// flags are told, and the believed numbering stays as it is, newcomers included.
public final class Updates {
  private final Session session;
  private final Selected selected;
  private final boolean withUid;
  private final View before;
  private final View latest;
  private boolean told;

  private Updates(Session session, Selected selected, boolean withUid) {
    this.session = session;
    this.selected = selected;
    this.withUid = withUid;
    this.before = selected.told();
    this.latest = selected.mailbox().view();
  }

  /// Writes what there is to tell; nothing if no mailbox is selected. Does not flush. When the
  /// selected mailbox has been deleted by another session, this one ends (RFC 2180 §3.3).
  ///
  /// @param expunge whether EXPUNGE may be told now
  /// @param withUid whether each FETCH bears the UID, as the answers to UID commands must (RFC 9051
  ///   §6.4.9)
  /// @return whether the client is told anything, if only that the session ends
  public static boolean write(Session session, boolean expunge, boolean withUid)
      throws IOException {
    Optional<Selected> selected = session.selection();
    if (selected.isPresent() && !selected.get().mailbox().exists()) {
      session.hangUp("[NONEXISTENT] The selected mailbox has been deleted");
      return true;
    }
    return selected.isPresent() && new Updates(session, selected.get(), withUid).write(expunge);
  }

  private void tell(String line) throws IOException {
    session.responses().untagged(line);
    told = true;
  }

  private boolean write(boolean expunge) throws IOException {
    Optional<OwnChange> own = selected.takeOwn();
    if (latest == before && latest == selected.numbering() && own.isEmpty()) {
      return false;
    }
    if (session.enabled(Extension.CONDSTORE)) {
      selected.mailbox().awaitForced(latest);
    }
    News flags = latest.since(before);
    News news = before == selected.numbering() ? flags : latest.since(selected.numbering());
    if (expunge || news.vanished().isEmpty()) {
      expunged(news.vanished());
      selected.renumbered(latest);
      exists(news.arrived());
    }
    keywords();
    flags(flags.changed(), own);
    selected.flagsTold(latest);
    return told;
  }

  /// `* n EXPUNGE`, the highest number first, so that none of them moves another.
  private void expunged(UidSet vanished) throws IOException {
    View numbering = selected.numbering();
    for (int range = vanished.ranges() - 1; range >= 0; range--) {
      int first = numbering.ceiling(vanished.first(range));
      for (int position = numbering.ceiling(vanished.last(range) + 1) - 1;
          position >= first;
          position--) {
        tell(position + 1 + " EXPUNGE");
      }
    }
  }

  private void exists(int arrived) throws IOException {
    if (arrived > 0) {
      tell(latest.count() + " EXISTS");
      tell(selected.recentCount() + " RECENT");
    }
  }

  /// `* FLAGS` again when the mailbox has learned a keyword.
  private void keywords() throws IOException {
    if (latest.keywords().size() != before.keywords().size()) {
      session.tellFlags(latest);
      told = true;
    }
  }

  private void flags(UidSet changed, Optional<OwnChange> own) throws IOException {
    UidSet uids = own.map(change -> telling(changed, change)).orElse(changed);
    View numbering = selected.numbering();
    for (int range = 0; range < uids.ranges(); range++) {
      int end = numbering.ceiling(uids.last(range) + 1);
      for (int position = numbering.ceiling(uids.first(range)); position < end; position++) {
        fetch(position, numbering.uid(position), own);
      }
    }
  }

  /// Of very many whose flags a silent change of the client's own has set none need be told.
  private UidSet telling(UidSet changed, OwnChange own) {
    if (!own.silent()) {
      return changed.union(own.uids());
    }
    if (session.enabled(Extension.CONDSTORE)) {
      return own.conditional() ? changed.union(own.uids()) : changed;
    }
    return changed
        .minus(own.uids())
        .union(latest.unexpected(before, changed.intersection(own.uids()), own.change()));
  }

  /// `* n FETCH (FLAGS …)`, unless the client knows without being told.
  private void fetch(int position, long uid, Optional<OwnChange> own) throws IOException {
    int now = latest.position(uid);
    if (now < 0) {
      return;
    }
    boolean condstore = session.enabled(Extension.CONDSTORE);
    boolean known = own.isPresent() && known(own.get(), uid, latest.flagBits(now));
    if (known && !condstore) {
      return;
    }
    StringBuilder line = new StringBuilder().append(position + 1).append(" FETCH (");
    if (withUid || condstore) {
      line.append("UID ").append(uid).append(' ');
    }
    if (!known) {
      long bits = latest.flagBits(now);
      line.append("FLAGS ").append(Strings.flagList(latest.flags(bits), selected.recent(uid)));
    }
    if (condstore) {
      line.append(known ? "" : " ").append("MODSEQ (").append(latest.modSeq(now)).append(')');
    }
    tell(line.append(')').toString());
  }

  /// Whether the flags are just what the client expects of its own silent change.
  private boolean known(OwnChange own, long uid, long bits) {
    int was = before.position(uid);
    return own.silent()
        && own.uids().contains(uid)
        && was >= 0
        && own.expected(before.flagBits(was), latest) == bits;
  }
}
