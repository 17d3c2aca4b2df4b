/**
 * WebSocket `/api/events?since=SEQ&instance=NAME`: the server sends one JSON message per event, oldest first. With
 * `since` it replays what came after that number. Without it, or when that is no longer kept, or `instance` names
 * another process, it first sends `{"type":"reset","seq":N,"instance":NAME}`, and the client asks for everything anew.
 * A client that reads too slowly gets a `reset` later on instead of the events it missed.
 */
export const eventsPath = '/api/events';
