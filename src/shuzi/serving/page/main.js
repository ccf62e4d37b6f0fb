// Starts the page: settings first, then the rooms, then the nets that they read with.

import { translate } from "./core/i18n.js";
import { startNets } from "./core/nets.js";
import { startSettings } from "./core/settings.js";
import { startTabs } from "./core/tabs.js";
import { startInside } from "./inside/room.js";
import { startPhoto } from "./photo/room.js";
import { startTrain } from "./train/room.js";
import { startWrite } from "./write/room.js";

translate();
startSettings();
startWrite();
startPhoto();
startInside();
startTrain();
startTabs();
startNets();
