/* Records a voice in the browser and sends it with the form around it.
   Markup and texts: media/templates/media/recorder.html. The form keeps working without this file. */

const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const ENDINGS = { webm: "webm", mp4: "m4a", ogg: "ogg" };
const SILENCE = 0.01;
const SILENT_AFTER = 2;

const REASONS = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
};

class Recorder {
  constructor(root) {
    this.root = root;
    this.form = root.closest("form");
    this.fileInput = this.form.querySelector("input[type=file]");
    this.maxSeconds = Number(root.dataset.maxSeconds);
    this.sound = null;
    this.buttons = Object.fromEntries(
      [...root.querySelectorAll("[data-action]")].map((button) => [button.dataset.action, button]),
    );
    this.level = root.querySelector("[data-level]");
    this.time = root.querySelector("[data-time]");
    this.status = root.querySelector("[data-status]");
    this.player = root.querySelector("[data-playback]");

    this.buttons.record.addEventListener("click", () => this.record());
    this.buttons.stop.addEventListener("click", () => this.stop());
    this.buttons.listen.addEventListener("click", () => this.listen());
    this.player.addEventListener("error", () => this.player.src && this.say("unplayable"));
    this.fileInput.addEventListener("change", () => this.takeFile());
    this.form.addEventListener("submit", (event) => this.send(event));

    // Without script the form has a button of its own, which the recorder's replaces.
    this.form.querySelectorAll("[data-without-script]").forEach((element) => element.remove());
    // The recorded sound takes the place of a file, so an empty field must not stop the form.
    this.fileInput.required = false;
    root.hidden = false;
    if (!navigator.mediaDevices || !window.MediaRecorder) {
      this.buttons.record.disabled = true;
      this.say(window.isSecureContext ? "missing" : "insecure");
    } else {
      this.say("ready");
    }
  }

  say(name) {
    this.status.textContent = this.root.dataset[`text${name[0].toUpperCase()}${name.slice(1)}`];
    this.root.dataset.state = name;
  }

  enable(...names) {
    for (const [name, button] of Object.entries(this.buttons)) {
      button.disabled = !names.includes(name);
    }
  }

  async record() {
    this.say("asking");
    this.enable();
    this.player.pause();
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: false, noiseSuppression: true, autoGainControl: true },
      });
    } catch (error) {
      this.say(REASONS[error.name] ?? "missing");
      this.enable("record", ...(this.sound ? ["listen", "use"] : []));
      this.buttons.record.focus();
      return;
    }
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    this.recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 96_000 });
    const chunks = [];
    this.recorder.addEventListener("dataavailable", (event) => chunks.push(event.data));
    this.recorder.addEventListener("stop", () => {
      stream.getTracks().forEach((track) => track.stop());
      this.recorded(new Blob(chunks, { type: this.recorder.mimeType }));
    });
    this.recorder.start();
    this.watch(stream);
    this.say("recording");
    this.enable("stop");
    this.buttons.stop.focus();
  }

  /* Shows level and time while the recorder runs, and ends it at the limit. */
  watch(stream) {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const recorder = this.recorder;
    const start = performance.now();
    let loudest = 0;
    this.timedOut = false;
    const tick = () => {
      const seconds = (performance.now() - start) / 1000;
      if (recorder.state !== "recording") {
        context.close();
        this.level.value = 0;
        return;
      }
      analyser.getFloatTimeDomainData(samples);
      const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      loudest = Math.max(loudest, peak);
      // Falls slowly, so that the eye can follow a short word.
      this.level.value = Math.max(peak, this.level.value * 0.85);
      this.time.value = `${seconds.toFixed(1)} / ${this.maxSeconds} s`;
      if (seconds >= SILENT_AFTER && loudest < SILENCE && this.root.dataset.state === "recording") {
        this.say("silent");
      }
      if (seconds >= this.maxSeconds - 0.2) {
        this.timedOut = true;
        this.stop();
      }
      // A timer, since animation frames rest while the tab is hidden and the limit must hold.
      setTimeout(tick, 50);
    };
    tick();
  }

  stop() {
    if (this.recorder?.state === "recording") {
      this.recorder.stop();
    }
  }

  recorded(blob) {
    this.fileInput.value = "";
    this.keep(blob);
    this.say(this.timedOut ? "limit" : "recorded");
    this.buttons.listen.focus();
  }

  takeFile() {
    const [file] = this.fileInput.files;
    if (file) {
      this.keep(file);
      this.say("chosen");
    }
  }

  keep(sound) {
    this.sound = sound;
    if (this.address) {
      URL.revokeObjectURL(this.address);
    }
    this.address = URL.createObjectURL(sound);
    this.player.src = this.address;
    this.enable("record", "listen", "use");
  }

  listen() {
    this.player.currentTime = 0;
    this.player.play().catch(() => this.say("unplayable"));
  }

  async send(event) {
    event.preventDefault();
    if (!this.sound || this.root.dataset.state === "sending") {
      return;
    }
    const data = new FormData(this.form);
    const ending = ENDINGS[/audio\/(\w+)/.exec(this.sound.type)?.[1]] ?? "webm";
    data.set(this.fileInput.name, this.sound, this.sound.name ?? `recording.${ending}`);
    this.say("sending");
    this.enable();
    try {
      const response = await fetch(this.form.action, {
        method: "POST",
        body: data,
        headers: { Accept: "application/json" },
      });
      const answer = await response.json();
      if (response.ok) {
        window.location.assign(answer.next);
        return;
      }
      this.refuse(answer);
    } catch (error) {
      // A page that is not JSON is the server's failure; anything else is the way to it.
      this.say(error instanceof SyntaxError ? "failed" : "offline");
    }
    this.enable("record", "listen", "use");
    this.buttons.use.focus();
  }

  /* Says what was wrong; the sound and what was typed stay. */
  refuse(answer) {
    this.say("failed");
    const messages = Object.values(answer.errors ?? {}).flat();
    if (messages.length) {
      this.status.textContent = messages.join(" ");
    }
  }
}

for (const root of document.querySelectorAll("[data-recorder]")) {
  new Recorder(root);
}
