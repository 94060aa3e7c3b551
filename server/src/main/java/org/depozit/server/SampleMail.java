package org.depozit.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.depozit.storage.InternalDate;
import org.depozit.storage.Store;

/// The mail of the demo: a small mbox inside the jar. A few of Ana's messages are from Cristi.
final class SampleMail {
  private SampleMail() {}

  /// The samples, dated so that the last came an hour ago.
  static List<ImportedMail> all() {
    List<ImportedMail> samples = new ArrayList<>();
    try (InputStream in = SampleMail.class.getResourceAsStream("sample.mbox")) {
      if (in == null) {
        throw new IllegalStateException("sample.mbox is not in the jar");
      }
      new MboxSource.Reader("INBOX", samples::add).read(in);
    } catch (IOException e) {
      throw new CommandFailed("the sample mail cannot be read: " + e.getMessage(), e);
    }
    return dated(samples);
  }

  private static List<ImportedMail> dated(List<ImportedMail> samples) {
    Instant last = Instant.now().minus(1, ChronoUnit.HOURS);
    List<ImportedMail> dated = new ArrayList<>();
    for (ImportedMail sample : samples) {
      long hours = 7L * (samples.size() - 1 - dated.size());
      InternalDate date = InternalDate.of(last.minus(hours, ChronoUnit.HOURS));
      dated.add(new ImportedMail(sample.mailbox(), sample.flags(), date, sample.octets()));
    }
    return dated;
  }

  /// Delivers the samples to the users that their To: names.
  static void deliver(Store store, List<ImportedMail> samples) {
    for (String user : List.of("ana", "cristi")) {
      Intake intake = new StoreIntake(store, store.account(user).orElseThrow());
      samples.stream().filter(sample -> isFor(sample, user)).forEach(intake::take);
      intake.finish();
    }
  }

  private static boolean isFor(ImportedMail sample, String user) {
    return new String(sample.octets(), StandardCharsets.ISO_8859_1).contains("\nTo: " + user + "@");
  }
}
