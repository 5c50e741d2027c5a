/**
 * The one script: it hands a question of ours to the browser's passkeys, and the answer to us. Buttons that need it are hidden until it
 * runs, so that without a script nothing leads nowhere.
 */
export const PASSKEY_SCRIPT = `'use strict';
(() => {
  const { startAuthentication, startRegistration, browserSupportsWebAuthn } = SimpleWebAuthnBrowser;
  const asked = async (url, form) => {
    const headers = { 'content-type': 'application/json', accept: 'application/json', 'x-padlock-form': form };
    const response = await fetch(url, { method: 'POST', headers, body: '{}' });
    if (response.ok) return response.json();
    throw new Error('That did not work. Load the page again and try once more.');
  };
  const sendForm = (action, fields) => {
    const form = document.createElement('form');
    form.method = 'post';
    form.action = action;
    for (const [name, value] of Object.entries(fields)) {
      const input = document.createElement('input');
      input.type = 'hidden';
      input.name = name;
      input.value = value;
      form.append(input);
    }
    document.body.append(form);
    form.submit();
  };
  for (const button of document.querySelectorAll('[data-passkey]')) {
    const { passkey, options, answer, form, label } = button.dataset;
    if (!browserSupportsWebAuthn()) continue;
    button.hidden = false;
    const said = document.createElement('p');
    said.className = 'wrong';
    said.setAttribute('role', 'alert');
    button.after(said);
    button.addEventListener('click', async () => {
      button.disabled = true;
      said.textContent = '';
      try {
        const optionsJSON = await asked(options, form);
        const made = passkey === 'create' ? await startRegistration({ optionsJSON }) : await startAuthentication({ optionsJSON });
        const named = label ? document.getElementById(label) : null;
        sendForm(answer, { form, answer: JSON.stringify(made), label: named ? named.value : '' });
      } catch (error) {
        said.textContent = error.name === 'NotAllowedError'
          ? 'The browser did not use a passkey: it was cancelled, or it took too long.'
          : error.name === 'InvalidStateError' ? 'This passkey is set up already.' : error.message;
        button.disabled = false;
      }
    });
  }
  for (const button of document.querySelectorAll('[data-print]')) {
    button.hidden = false;
    button.addEventListener('click', () => window.print());
  }
})();
`;
