"use strict";
// The microphone as signed 16-bit samples, a fifth of a second at a time. Runs in the audio thread.
const PIECE = 3200;

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.piece = new Int16Array(PIECE);
    this.filled = 0;
    this.peak = 0;
    this.port.onmessage = () => { this.give(); this.port.postMessage({ flushed: true }); };
  }

  give() {
    const pcm = this.piece.slice(0, this.filled).buffer;
    this.port.postMessage({ pcm, peak: this.peak }, [pcm]);
    this.filled = 0;
    this.peak = 0;
  }

  process(inputs) {
    const channel = inputs[0][0];
    if (!channel) return true;
    for (const value of channel) {
      const held = Math.max(-1, Math.min(1, value));
      this.peak = Math.max(this.peak, Math.abs(held));
      this.piece[this.filled++] = held < 0 ? held * 32768 : held * 32767;
      if (this.filled === PIECE) this.give();
    }
    return true;
  }
}

registerProcessor("capture", Capture);
