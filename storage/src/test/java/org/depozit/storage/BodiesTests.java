package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Bodies read out of segments.
final class BodiesTests {
  private static final StoreLimits LIMITS =
      StoreLimits.DEFAULTS
          .with("smallBody", 10_000)
          .with("segmentOctets", 64 << 10)
          .with("openSegments", 3);

  @TempDir private Path temporary;

  private static Change.BodyPlace append(Log log, byte[] body) throws IOException {
    try (HeapOrFileSpool spool = new HeapOrFileSpool(log.files(), LIMITS)) {
      spool.write(body);
      spool.seal();
      log.begin();
      Change.BodyPlace place = log.group().keep(spool);
      log.append();
      return place;
    }
  }

  /// A body that can be told to be whole: its length and its octets follow from a number.
  private static byte[] body(int number) {
    byte[] body = new byte[new Random(number).nextInt(20_000)];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) ('a' + (number + i) % 26);
    }
    return body;
  }

  private Log open() throws IOException {
    return LogSample.open(temporary.resolve("log"), LIMITS, _ -> {});
  }

  @Test
  void aCopysTraceHeadersStandInFrontOfTheSharedBody() throws IOException {
    byte[] prefix = "Return-Path: <>\r\n".getBytes(StandardCharsets.US_ASCII);
    byte[] body = "Subject: hi\r\n\r\nhello\r\n".getBytes(StandardCharsets.US_ASCII);
    try (Log log = open();
        Bodies bodies = new Bodies(log.files(), LIMITS);
        Content content = bodies.content(append(log, body), prefix)) {
      assertThat(content.prefixLength()).isEqualTo(prefix.length);
      assertThat(content.length()).isEqualTo(prefix.length + body.length);
      assertThat(new String(content.bytes(), StandardCharsets.US_ASCII))
          .isEqualTo("Return-Path: <>\r\nSubject: hi\r\n\r\nhello\r\n");
      assertThat(content.body().bytes()).isEqualTo(body);
      byte[] one = new byte[1];
      assertThat(content.read(content.length(), one, 0, 1)).isEqualTo(-1);
      assertThat(content.slice(prefix.length - 1, 2).bytes()).isEqualTo(new byte[] {'\n', 'S'});
    }
  }

  @Test
  void contentIsReadToItsEndThoughItsFileIsGone() throws IOException {
    try (Log log = open();
        Bodies bodies = new Bodies(log.files(), LIMITS)) {
      byte[] big = new byte[50_000];
      Change.BodyPlace place = append(log, big);
      try (Content content = bodies.content(place, new byte[0])) {
        Files.delete(log.files().body(place.segment()));
        assertThat(content.bytes()).isEqualTo(big);
      }
    }
  }

  @Test
  void fewSegmentsStayOpenWhenNobodyReads() throws IOException {
    try (Log log = open();
        Bodies bodies = new Bodies(log.files(), LIMITS)) {
      List<Content> open = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        open.add(bodies.content(append(log, new byte[20_000 + i]), new byte[0]));
      }
      assertThat(bodies.count()).isEqualTo(10);
      open.forEach(content -> assertThat(content.bytes()).isNotEmpty());
      open.forEach(Content::close);
      open.forEach(Content::close);
      assertThat(bodies.count()).isEqualTo(3);
    }
  }

  @Test
  void aBodyThatIsNotThereIsRefused() throws IOException {
    try (Log log = open();
        Bodies bodies = new Bodies(log.files(), LIMITS)) {
      assertThatThrownBy(() -> bodies.content(new Change.BodyPlace(99, 0, 5), new byte[0]))
          .isInstanceOf(Refused.class);
      assertThatThrownBy(() -> bodies.content(new Change.BodyPlace(1, 1 << 20, 5), new byte[0]))
          .isInstanceOf(Refused.class);
    }
  }

  @Test
  void aBodyWhoseFileWasCutShortIsRefusedAndReadWhenAnotherStandsInItsPlace() throws IOException {
    try (Log log = open();
        Bodies bodies = new Bodies(log.files(), LIMITS)) {
      byte[] body = Arrays.copyOf(body(7), 50_000);
      Change.BodyPlace place = append(log, body);
      Path file = log.files().body(place.segment());
      byte[] whole = Files.readAllBytes(file);
      try (Content content = bodies.content(place, new byte[0])) {
        Files.write(file, Arrays.copyOf(whole, 100));
        assertThatThrownBy(content::bytes).isInstanceOf(Refused.class);
        assertThatThrownBy(() -> bodies.content(place, new byte[0])).isInstanceOf(Refused.class);
        Files.delete(file);
        Files.write(file, whole);
        try (Content again = bodies.content(place, new byte[0])) {
          assertThat(again.bytes()).isEqualTo(body);
        }
      }
      assertThat(bodies.count()).isEqualTo(1);
    }
  }

  /// It is refused before anything is told of it, though its file has been open and long enough.
  @Test
  void aBodyCutShortBetweenReadersIsSoonRefusedAtOnce() throws IOException {
    try (Log log = open();
        Bodies bodies = new Bodies(log.files(), LIMITS)) {
      byte[] body = Arrays.copyOf(body(7), 50_000);
      Change.BodyPlace place = append(log, body);
      Path file = log.files().body(place.segment());
      bodies.content(place, new byte[0]).close();
      Files.write(file, Arrays.copyOf(body, 40_000));
      Awaitility.await()
          .untilAsserted(() ->
              assertThatThrownBy(() -> bodies.content(place, new byte[0]).close())
                  .isInstanceOf(Refused.class));
    }
  }

  @Test
  void bodiesAreReadWhileOthersAreWritten() throws Exception {
    ConcurrentLinkedQueue<Change.BodyPlace> places = new ConcurrentLinkedQueue<>();
    AtomicBoolean written = new AtomicBoolean();
    try (Log log = open();
        Bodies bodies = new Bodies(log.files(), LIMITS);
        ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> reading = new ArrayList<>();
      for (int reader = 0; reader < 4; reader++) {
        reading.add(readers.submit(() -> readAll(bodies, places, written)));
      }
      for (int number = 0; number < 200; number++) {
        places.add(append(log, body(number)));
      }
      written.set(true);
      for (Future<Integer> reader : reading) {
        assertThat(reader.get()).isGreaterThanOrEqualTo(200);
      }
      assertThat(bodies.count()).isLessThanOrEqualTo(3);
    }
  }

  private static int readAll(
      Bodies bodies, ConcurrentLinkedQueue<Change.BodyPlace> places, AtomicBoolean written) {
    int read = 0;
    boolean last;
    do {
      last = written.get();
      int number = 0;
      for (Change.BodyPlace place : places) {
        try (Content content = bodies.content(place, new byte[0])) {
          assertThat(content.bytes()).isEqualTo(body(number));
        }
        number++;
        read++;
      }
    } while (!last);
    return read;
  }
}
