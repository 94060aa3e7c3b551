package org.depozit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Known answers: SHA-crypt's from its specification, bcrypt's from its first test set, the others
/// made by another mail server's own tool.
class PasswordHashTests {
  @TempDir private Path directory;

  private final Passwords passwords = new Passwords();

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      value = {
        "Hello world! | $5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
        "Hello world! | {SHA256-CRYPT}$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA",
        "Hello world! | {CRYPT}$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
        "pârolă | {SHA512-CRYPT}$6$hxD3.lPqbgZNH.Da$JPLJZb6I4PuA3k2Oc5ojbm/ZHJjzCb8wCymnOypwtMWzqb3iShtMR/nN1/IDJFU9AxAfYYZIy6lUKGFGJXgHm0",
        "U*U | $2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "pârolă | {BLF-CRYPT}$2y$05$aq2yLdYnYU7ZFCPN7NEmiejBo/4jfNECY3O0IKz9vN2b8ntggV1vu",
        "pârolă | {SSHA256}dvrlPzdYa6cwTeH3dmlfrPLFfj81jNF52XF/guysxhJC9Opb",
        "pârolă | {ssha512}oy4XYsQJEeoPXR+KBVNncJb7lAMHVVOMZGCabpBKz6Nj+5wuy4yeou4TYPWWA+0lWHldALXfDd5bTi+oDSsxWNwlaNY=",
        "pârolă | {ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$BD+QPaRIxHhx5mVTAjYHag$m9VVlrkOg7Abm23psXJHhGuUCac5+7c50u5ZfZ2TZFk"
      })
  void aHashOfAnotherServerFitsItsPasswordAndNoOther(String password, String written) {
    Optional<String> hash = Optional.of(PasswordHash.of(written).text());

    assertThat(passwords.fits(password.toCharArray(), hash)).isTrue();
    assertThat(passwords.fits((password + "x").toCharArray(), hash)).isFalse();
    assertThat(passwords.fits("".toCharArray(), hash)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "{PLAIN}secret",
        "{MD5}5f4dcc3b5aa765d61d8327deb882cf99",
        "{SSHA256}not base64",
        "$1$salt$qJH7.N4xYta3aEG/dfqo/0",
        "$5$rounds=999999999$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
        "$2y$31$aq2yLdYnYU7ZFCPN7NEmiejBo/4jfNECY3O0IKz9vN2b8ntggV1vu",
        "$argon2id$v=19$m=9999999,t=3,p=1$BD+QPaRIxHhx5mVTAjYHag$m9VVlrkOg7Abm23psXJHhGuUCac5"
      })
  void whatIsNoHashOrTooDearIsRefused(String written) {
    assertThatExceptionOfType(Refused.class).isThrownBy(() -> PasswordHash.of(written));
  }

  @Test
  void theFirstGoodLoginUpgradesTheHash() {
    PasswordHash moved =
        PasswordHash.of("$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5");
    try (SqlStore store = SqlStore.open(StoreSettings.at(directory))) {
      store.createAccount("ana", moved);
      assertThat(store.login("ana", "wrong".toCharArray())).isEmpty();
      assertThat(hash(store)).isEqualTo(moved.text());
      assertThat(store.login("ana", "Hello world!".toCharArray())).isPresent();
      assertThat(hash(store)).startsWith("$argon2id$");
      assertThat(store.login("ana", "Hello world!".toCharArray())).isPresent();
    }
  }

  @Test
  void aStoreThatIsToldSoKeepsTheHash() {
    PasswordHash moved =
        PasswordHash.of("{SSHA256}dvrlPzdYa6cwTeH3dmlfrPLFfj81jNF52XF/guysxhJC9Opb");
    StoreSettings settings = new StoreSettings(directory, StoreLimits.DEFAULTS, false, false);
    try (SqlStore store = SqlStore.open(settings)) {
      store.createAccount("ana", moved);
      assertThat(store.login("ana", "pârolă".toCharArray())).isPresent();
      assertThat(hash(store)).isEqualTo(moved.text());
    }
  }

  private static String hash(SqlStore store) {
    return store.passwordHash("ana").orElseThrow();
  }
}
