import {proveCaught} from './caught.js';

proveCaught(1);
