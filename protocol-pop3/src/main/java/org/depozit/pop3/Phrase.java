package org.depozit.pop3;

/// Every text for people that a reply may bear, in every [Language]. None begins with `[`, which
/// RFC 2449 §6.4 keeps for response codes, and none holds a word of the client's.
enum Phrase {
  READY("Depozit POP3 ready", "Depozit POP3 este pregătit"),
  NAME_NOTED("now the password", "acum parola"),
  LOCKED("maildrop has %d messages (%d octets)", "căsuța are %d mesaje (%d octeți)"),
  GOODBYE("goodbye", "la revedere"),
  REMOVED("goodbye, %d messages removed", "la revedere, %d mesaje șterse"),
  CAPABILITIES("capability list follows", "urmează lista de capabilități"),
  MECHANISMS("mechanisms follow", "urmează mecanismele"),
  BEGIN_TLS("begin TLS", "începeți TLS"),
  UTF8_ON("UTF-8 it is", "de acum UTF-8"),
  LANGUAGES("languages follow", "urmează limbile"),
  LANGUAGE_CHANGED("language changed", "limba a fost schimbată"),
  LISTING("%d messages (%d octets)", "%d mesaje (%d octeți)"),
  UNIQUE_IDS("unique ids follow", "urmează identificatorii"),
  OCTETS("%d octets", "%d octeți"),
  TOP_FOLLOWS("top of the message follows", "urmează începutul mesajului"),
  MARKED("message %d deleted", "mesajul %d este șters"),
  STILL_HERE("still here", "sunt aici"),

  UNKNOWN_COMMAND("no such command", "comandă necunoscută"),
  SYNTAX("these arguments do not fit the command", "argumentele nu se potrivesc comenzii"),
  NO_NUMBER("that is no message number", "acesta nu este un număr de mesaj"),
  NAME_UNFIT(
      "the name is empty, too long or not UTF-8", "numele este gol, prea lung sau nu este UTF-8"),
  PASSWORD_UNFIT(
      "the password is empty, too long or not UTF-8",
      "parola este goală, prea lungă sau nu este UTF-8"),
  LINE_TOO_LONG("line too long", "linie prea lungă"),
  LOGIN_FIRST("log in first", "întâi autentificarea"),
  LOGGED_IN("logged in already", "autentificarea este deja făcută"),
  USER_FIRST("USER first", "întâi USER"),
  TLS_FIRST("no passwords without TLS: STLS first", "fără TLS nu se primesc parole: întâi STLS"),
  NO_TLS("TLS is not to be had, or spoken already", "TLS nu este disponibil sau este deja pornit"),
  TLS_AFTER_UTF8("STLS comes before UTF8", "STLS vine înainte de UTF8"),
  UNKNOWN_MECHANISM("no such mechanism", "mecanism necunoscut"),
  CANCELLED("authentication cancelled", "autentificare anulată"),
  EXCHANGE_BROKEN("that is not what the mechanism wants", "mecanismul cere altceva"),
  LOGIN_FAILED("wrong name or password", "nume sau parolă greșită"),
  MAILDROP_IN_USE("another session has the maildrop", "altă sesiune folosește căsuța"),
  LOGIN_TOO_SOON(
      "the last log-in was less than %d seconds ago",
      "ultima autentificare a fost acum mai puțin de %d secunde"),
  UNKNOWN_LANGUAGE("no such language", "limbă necunoscută"),
  NO_SUCH_MESSAGE("no such message, there are %d", "mesajul nu există, sunt %d"),
  IS_DELETED("message %d is deleted", "mesajul %d este șters"),
  EXPUNGED(
      "message %d has been removed by another session", "mesajul %d a fost șters de altă sesiune"),
  NEEDS_UTF8("message %d needs UTF8", "mesajul %d cere UTF8"),
  TOO_MANY_COMMANDS("too many commands", "prea multe comenzi"),
  TOO_MANY_CONNECTIONS("too many connections", "prea multe conexiuni"),
  SHUTTING_DOWN("the server is shutting down", "serverul se oprește"),
  STORE_TROUBLE("the store cannot do that now", "depozitul nu poate face asta acum"),
  STORE_REFUSED("the store cannot do that", "depozitul nu poate face asta"),
  FAULT("something went wrong here", "ceva nu a mers bine aici");

  private static final String VALUE = "%d";

  private final String english;
  private final String romanian;

  Phrase(String english, String romanian) {
    this.english = english;
    this.romanian = romanian;
  }

  /// The text in a language, with the numbers it speaks of.
  ///
  /// @param values in the order of the text, one for each `%d`
  String in(Language language, Object... values) {
    String text = text(language);
    StringBuilder told = new StringBuilder(text.length() + 16 * values.length);
    int from = 0;
    for (Object value : values) {
      int at = text.indexOf(VALUE, from);
      told.append(text, from, at).append(value);
      from = at + VALUE.length();
    }
    return told.append(text, from, text.length()).toString();
  }

  /// The text in a language, with `%d` where a number belongs.
  String text(Language language) {
    return switch (language) {
      case EN -> english;
      case RO -> romanian;
    };
  }
}
