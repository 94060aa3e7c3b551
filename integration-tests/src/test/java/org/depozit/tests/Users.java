package org.depozit.tests;

import java.nio.file.Path;
import java.util.List;
import org.depozit.storage.SqlStore;
import org.depozit.storage.Store;
import org.depozit.storage.StoreSettings;

/// Users for servers that are not running yet.
final class Users {
  /// Everybody's password.
  static final String PASSWORD = "secret";

  private Users() {}

  /// Makes a store with these users.
  static void make(Path data, List<String> names) {
    try (Store store = SqlStore.open(StoreSettings.at(data))) {
      names.forEach(name -> store.createAccount(name, PASSWORD.toCharArray()));
    }
  }
}
