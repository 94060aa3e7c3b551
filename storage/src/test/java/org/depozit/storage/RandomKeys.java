package org.depozit.storage;

import java.time.LocalDate;
import java.util.Random;
import java.util.stream.IntStream;

/// Random search programs, of which many find something in [SearchedMail].
final class RandomKeys {
  private RandomKeys() {}

  /// A search program.
  ///
  /// @param depth how deep its ANDs, ORs and NOTs may stand in each other
  static SearchKey key(Random random, int depth, NaiveMailbox mailbox) {
    if (depth > 0 && random.nextInt(2) == 0) {
      return switch (random.nextInt(4)) {
        case 0 -> new SearchKey.Not(key(random, depth - 1, mailbox));
        case 1 ->
            new SearchKey.Or(key(random, depth - 1, mailbox), key(random, depth - 1, mailbox));
        default ->
            new SearchKey.And(
                IntStream.range(0, random.nextInt(4))
                    .mapToObj(_ -> key(random, depth - 1, mailbox))
                    .toList());
      };
    }
    return simple(random, mailbox);
  }

  private static SearchKey simple(Random random, NaiveMailbox mailbox) {
    SearchKey.When when = SearchKey.When.values()[random.nextInt(3)];
    LocalDate day = LocalDate.ofEpochDay(random.nextInt(22_000));
    return switch (random.nextInt(23)) {
      case 0 -> new SearchKey.All();
      case 1, 2 -> new SearchKey.Uids(mailbox.some(random));
      case 3 -> new SearchKey.HasFlag(Flag.SYSTEM.get(random.nextInt(5)));
      case 4 -> new SearchKey.HasFlag(Flag.of(random.nextBoolean() ? "$LABEL" : "unknown"));
      case 5, 6, 7, 8, 9 ->
          new SearchKey.AddressField(
              SearchKey.AddressName.values()[random.nextInt(4)], needle(random));
      case 10, 11 -> new SearchKey.HeaderField("Subject", needle(random));
      case 12 -> new SearchKey.HeaderField(random.nextBoolean() ? "to" : "FROM", needle(random));
      case 13 -> new SearchKey.Received(when, day);
      case 14 -> new SearchKey.Sent(when, day);
      case 15 -> new SearchKey.Larger(random.nextInt(100_000));
      case 16 -> new SearchKey.Smaller(random.nextInt(100_000));
      case 17 -> new SearchKey.ModSeq(random.nextLong(mailbox.highestModSeq + 2));
      case 18 ->
          new SearchKey.HeaderField(
              random.nextBoolean() ? "x-tag" : "Delivered-To",
              random.nextBoolean() ? "" : "TAG" + random.nextInt(8));
      case 20, 21 -> new SearchKey.HeaderField("List-Id", "List" + random.nextInt(9));
      case 22 -> new SearchKey.HeaderField("Message-ID", "");
      default ->
          random.nextBoolean()
              ? new SearchKey.Body("Body of " + random.nextInt(12))
              : new SearchKey.Text(random.nextBoolean() ? "SOMEONE" : "tag" + random.nextInt(9));
    };
  }

  private static String needle(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> "";
      case 1 -> "<P" + random.nextInt(60) + ">";
      default -> SearchedMail.words(random, 2);
    };
  }
}
