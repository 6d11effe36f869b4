import {proveCaught} from './caught.js';

proveCaught(0);
