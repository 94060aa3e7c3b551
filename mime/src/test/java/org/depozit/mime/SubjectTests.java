package org.depozit.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectTests {

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "hello ~ hello ~ false",
        "Re: hello ~ hello ~ true",
        "re : hello ~ hello ~ true",
        "RE[2]: hello ~ hello ~ true",
        "Re: Fwd: FW: hello ~ hello ~ true",
        "hello (fwd) ~ hello ~ true",
        "hello (fwd) (FWD)  ~ hello ~ true",
        "[list] hello ~ hello ~ false",
        "[list] Re: [list] hello ~ hello ~ true",
        "Re: [list] Re: hello ~ hello ~ true",
        "[Fwd: hello] ~ hello ~ true",
        "[fwd: Re: [a] hello (fwd)] ~ hello ~ true",
        "[list] ~ [list] ~ false",
        "[a][b] ~ [b] ~ false",
        "Re: ~ '' ~ true",
        "Regarding this ~ Regarding this ~ false",
        "a   b ~ a b ~ false",
        "[unclosed hello ~ [unclosed hello ~ false",
        "'' ~ '' ~ false",
      })
  void takesOffWhatRepliesPutAround(String subject, String base, boolean reply) {
    assertThat(BaseSubject.of(subject)).isEqualTo(new BaseSubject(base, reply));
  }

  @Test
  void readsMessageIds() {
    assertThat(MessageIds.in("<a@b> junk <c@d>", 10)).containsExactly("<a@b>", "<c@d>");
    assertThat(MessageIds.in("<\"01KF8JCEOCBS0045PS\"@mail.example.org>", 10))
        .containsExactly("<01KF8JCEOCBS0045PS@mail.example.org>");
    assertThat(MessageIds.in("a@b", 10)).containsExactly("<a@b>");
    assertThat(MessageIds.in("your letter of today", 10)).isEmpty();
    assertThat(MessageIds.in("<no-at-sign>", 10)).containsExactly("<no-at-sign>");
    assertThat(MessageIds.in("< a@ b >", 10)).containsExactly("<a@b>");
    assertThat(MessageIds.in("<a@b><c@d><e@f>", 2)).containsExactly("<a@b>", "<c@d>");
    assertThat(MessageIds.in("<<<", 10)).isEqualTo(List.of());
  }
}
