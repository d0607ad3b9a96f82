import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** What a line reports. `onClose` is called once, also when it could not be opened; `code` is that of the system. */
export interface LineEvents {
  readonly onOpen: () => void;
  readonly onData: (bytes: Uint8Array) => void;
  readonly onClose: (code: string | undefined) => void;
}

export interface OpenLine {
  write(bytes: Uint8Array): void;
  close(): void;
}

/** A way to another station. */
export interface Line {
  open(events: LineEvents): OpenLine;
}

export interface SerialSettings {
  readonly path: string;
  readonly baud: number;
  readonly data_bits: 7 | 8;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stop_bits: 1 | 2;
}

/** Returns a line over TCP: to the system itself or to a serial device server. */
export function tcpLine(host: string, port: number): Line {
  return socketLine('connect', () => connect({ host, port }));
}

/** Returns a line over TLS. A private certificate authority is trusted with NODE_EXTRA_CA_CERTS. */
export function tlsLine(host: string, port: number): Line {
  return socketLine('secureConnect', () => connectTls({ host, port, servername: host }));
}

function socketLine(opened: 'connect' | 'secureConnect', open: () => Socket): Line {
  return {
    open: ({ onOpen, onData, onClose }) => {
      let code: string | undefined;
      const socket = open();
      socket.setNoDelay(true);
      socket.setKeepAlive(true, 10_000);
      socket.on(opened, onOpen);
      socket.on('data', onData);
      socket.on('error', (error: NodeJS.ErrnoException) => {
        code = error.code;
      });
      socket.on('close', () => onClose(code));
      return {
        write: (bytes) => void socket.write(bytes),
        close: () => void socket.destroy(),
      };
    },
  };
}

/** Returns a line over a serial port. The driver is loaded when the port is opened: most sites have none. */
export function serialLine({ path, baud, data_bits, parity, stop_bits }: SerialSettings): Line {
  return {
    open: ({ onOpen, onData, onClose }) => {
      const opening = openPort();
      let closed = false;
      const close = (code: string | undefined): void => {
        if (closed) return;
        closed = true;
        onClose(code);
      };
      async function openPort() {
        const { SerialPort } = await import('serialport');
        const port = new SerialPort({
          path,
          baudRate: baud,
          dataBits: data_bits,
          parity,
          stopBits: stop_bits,
          autoOpen: false,
        });
        port.on('open', onOpen);
        port.on('data', onData);
        port.on('error', () => close('EIO'));
        port.on('close', () => close(undefined));
        port.open((error) => {
          if (error !== null) {
            close(/No such file|cannot open/i.test(error.message) ? 'ENOENT' : 'EIO');
          } else if (closed) {
            port.close();
          }
        });
        return port;
      }
      opening.catch(() => close('serialport_missing'));
      return {
        write: (bytes) => void opening.then((port) => port.write(Buffer.from(bytes))).catch(() => undefined),
        close: () => {
          void opening.then((port) => port.isOpen && port.close()).catch(() => undefined);
          close(undefined);
        },
      };
    },
  };
}
