import { guestConformance } from '../../../testing/guest-conformance.ts';
import { LOCAL_BOOT, localScene } from '../../../testing/local-scene.ts';
import { providerConformance } from '../../../testing/provider-conformance.ts';

providerConformance('the local provider', localScene);
guestConformance('the local provider', localScene, LOCAL_BOOT);
