package org.depozit.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParameterScannerTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "text/plain ~ text/plain",
        "text/plain ; b=c ~ text/plain|b=c",
        "text (a;b) /plain; b=c ~ text  /plain|b=c",
        "a; b=\"c d\" ~ a|b=c d",
        "a; b=\"\"; d=e ~ a|b=|d=e",
        "a; b=\"c\\\"d\\\\\"; e=f ~ a|b=c\"d\\|e=f",
        "a; b=\"c\" \\d; e=f ~ a|b=c|e=f",
        "a; b=\"c; d=e ~ a|b=c; d=e",
        "a; b=\" ~ a|b=",
        "a; b c=d; \"e=f; g=h ~ a|g=h",
        "a; b*0=c; d=e; b*1=f ~ a|b=cf|d=e",
        "a; b*=utf-8''c ~ a|b*=utf-8''c",
      })
  void readsTheValueAndItsParameters(String field, String expected) {
    ParameterScanner scanner = new ParameterScanner(field, MimeLimits.STANDARD);
    String main = scanner.main();
    String parameters =
        scanner.parameters().stream()
            .map(parameter -> '|' + parameter.name() + '=' + parameter.value())
            .collect(Collectors.joining());
    assertThat(main + parameters).isEqualTo(expected);
  }
}
