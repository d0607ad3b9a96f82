/** A room as a technician edits it. */
export interface RoomSettingsView {
  readonly id: number;
  readonly name?: string;
  readonly ward?: string;
  readonly home: string;
  readonly modelId?: string;
  readonly maxFps?: number;
  /** Its own address, which holds no credentials; absent: it is read from the stream server. */
  readonly address?: string;
}

/** What the form for rooms needs. */
export interface RoomsSettingsView {
  readonly rooms: readonly RoomSettingsView[];
  /** Processors that may be given rooms, with the number of their rooms. */
  readonly homes: readonly { readonly id: string; readonly rooms: number; readonly online: boolean }[];
  /** Models that at least one of the processors can load. */
  readonly models: readonly string[];
  /** Cameras are kept in go2rtc, so that an address may contain a password. */
  readonly keepsCameras: boolean;
  /** Names of the streams that go2rtc has. */
  readonly streams: readonly string[];
}

/** How a change of a room ended; the page shows the consequence in its own language where it knows it. */
export interface RoomChangeView {
  readonly ok: boolean;
  readonly code?: string;
  readonly field?: string;
  /** In English. */
  readonly message: string;
  readonly home?: string;
  readonly from?: string;
  readonly reason?: string;
  readonly rooms?: number;
  readonly allRooms?: number;
  readonly notes: readonly string[];
}
