"use strict";
// What isn't on the server yet, kept in this browser under a key that is never kept: the server gives it to whoever is
// signed in, and it can't be read out of the page. Without the key what lies here is noise.
class Pocket {
  static async open(take, raw) {
    const pocket = new Pocket();
    pocket.take = take;
    pocket.key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
    pocket.store = await new Promise((resolve, reject) => {
      const asked = indexedDB.open("trellis-pocket", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("parts");
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    return pocket;
  }

  // One part (bytes) under a name: "s" and the sample it begins at, or "m" and a mark's id.
  async put(name, bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: this.about(name) }, this.key, bytes);
    await this.in("readwrite", (parts) => parts.put({ iv, sealed }, [this.take, name]));
  }

  async remove(names) {
    if (names.length) await this.in("readwrite", (parts) => names.forEach((name) => parts.delete([this.take, name])));
  }

  async all() {
    const range = IDBKeyRange.bound([this.take, ""], [this.take, "\uffff"]);
    let keys, kept;
    await this.in("readonly", (parts) => { keys = parts.getAllKeys(range); kept = parts.getAll(range); });
    const found = new Map();
    for (const [at, [, name]] of keys.result.entries()) {
      const { iv, sealed } = kept.result[at];
      found.set(name, await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: this.about(name) }, this.key, sealed));
    }
    return found;
  }

  about(name) { return new TextEncoder().encode(`${this.take} ${name}`); }

  in(mode, act) {
    return new Promise((resolve, reject) => {
      const change = this.store.transaction("parts", mode, { durability: "strict" });
      change.oncomplete = () => resolve();
      change.onerror = change.onabort = () => reject(change.error);
      act(change.objectStore("parts"));
    });
  }
}
