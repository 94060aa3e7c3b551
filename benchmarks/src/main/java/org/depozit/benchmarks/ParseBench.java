package org.depozit.benchmarks;

import java.util.concurrent.TimeUnit;
import org.depozit.mime.MessageParser;
import org.depozit.mime.ParsedMessage;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// One message read as delivery reads it: a plain one of 4 KiB, and one of two parts with encoded
/// words.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ParseBench {
  private static final String TWO_PARTS =
      """
      From: =?utf-8?B?RmVow6lyIENzYWJh?= <csaba@example.org>
      To: dev@example.org, "Ana" <ana@example.org>
      Subject: =?utf-8?Q?K=C3=B6sz=C3=B6n=C3=B6m?= Re: [dev] the report
      Date: Thu, 3 Jan 2019 09:31:29 +0100
      Message-ID: <2@example.org>
      References: <1@example.org> <0@example.org>
      MIME-Version: 1.0
      Content-Type: multipart/alternative; boundary="=_alt"

      --=_alt
      Content-Type: text/plain; charset=utf-8
      Content-Transfer-Encoding: quoted-printable

      plain
      --=_alt
      Content-Type: text/html; charset=utf-8

      <p>html</p>
      --=_alt--
      """;

  private final MessageParser parser = new MessageParser();
  private final byte[] plain = SampleMailbox.mail(1);
  private final byte[] twoParts = Octets.of(TWO_PARTS.replace("\n", "\r\n"));

  /// A plain text.
  @Benchmark
  public ParsedMessage plain() {
    return parser.parse(org.depozit.mime.Octets.of(plain));
  }

  /// Two alternatives.
  @Benchmark
  public ParsedMessage twoParts() {
    return parser.parse(org.depozit.mime.Octets.of(twoParts));
  }
}
