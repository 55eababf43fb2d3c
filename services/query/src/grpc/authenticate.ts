/** Checks the token of a call before its message is read, so that a stranger's message takes no memory. */
import { type Metadata, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';

/** Throws when the call at this path (`/faultline.v1.Service/Method`) may not be made with this metadata. */
export type CheckCall = (path: string, metadata: Metadata) => void;

/** `statusOf` translates what `check` throws. */
export function authenticateFirst(
  check: CheckCall,
  statusOf: (error: unknown) => Parameters<ServerInterceptingCall['sendStatus']>[0],
): ServerInterceptor {
  return ({ path }, call) =>
    new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, pass) => {
            try {
              check(path, metadata);
            } catch (error) {
              call.sendStatus(statusOf(error));
              return;
            }
            pass(metadata);
          },
        }),
    });
}
