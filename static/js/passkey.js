// Passkeys. A form with data-passkey is hidden until here: the device is asked, its answer goes into the form's field
// "credential", and the form is sent. The question is in data-options, or is fetched from the form's own address.
(() => {
  "use strict";

  const forms = document.querySelectorAll("form[data-passkey]");
  if (!window.PublicKeyCredential || !window.isSecureContext) return;

  const toBytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (one) => one.charCodeAt(0)).buffer;
  };
  const toText = (buffer) => {
    const plain = Array.from(new Uint8Array(buffer), (one) => String.fromCharCode(one)).join("");
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const withIds = (list) => (list || []).map((one) => ({ ...one, id: toBytes(one.id) }));

  const question = async (form) => {
    if (form.dataset.options) return JSON.parse(form.dataset.options).publicKey;
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).request_options.publicKey;
  };

  const create = (asked) => navigator.credentials.create({
    publicKey: {
      ...asked,
      challenge: toBytes(asked.challenge),
      user: { ...asked.user, id: toBytes(asked.user.id) },
      excludeCredentials: withIds(asked.excludeCredentials),
    },
  });
  const get = (asked) => navigator.credentials.get({
    publicKey: { ...asked, challenge: toBytes(asked.challenge), allowCredentials: withIds(asked.allowCredentials) },
  });

  const asJson = (found) => {
    const response = { clientDataJSON: toText(found.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (found.response[name]) response[name] = toText(found.response[name]);
    }
    return JSON.stringify({
      id: found.id,
      rawId: toText(found.rawId),
      type: found.type,
      response,
      clientExtensionResults: found.getClientExtensionResults(),
    });
  };

  const say = (form, error) => {
    const sentence = error && error.name === "InvalidStateError"
      ? "This device has a passkey for you already."
      : "Your device gave no passkey. Try again, or use another way.";
    const place = form.querySelector("[data-passkey-says]");
    place.hidden = false;
    place.textContent = sentence;
  };

  const send = async (event) => {
    const form = event.target;
    event.preventDefault();
    try {
      const asked = await question(form);
      const found = await (form.dataset.passkey === "create" ? create(asked) : get(asked));
      form.elements.credential.value = asJson(found);
      form.submit();
    } catch (error) {
      say(form, error);
    }
  };

  for (const form of forms) {
    form.hidden = false;
    form.addEventListener("submit", send);
  }
  for (const more of document.querySelectorAll("details[data-after-passkey]")) {
    more.open = more.hasAttribute("data-keep-open");
  }
  for (const line of document.querySelectorAll("[data-without-passkey]")) line.hidden = true;
})();
