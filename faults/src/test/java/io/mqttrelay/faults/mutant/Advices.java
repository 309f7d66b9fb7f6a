package io.mqttrelay.faults.mutant;

import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/**
 * What is put into the program's methods. It is copied there, so it may use nothing of this package; what it calls is
 * found by name, since this module is not compiled against the program.
 */
@SuppressWarnings("UnusedVariable") // what is set here is read where it is copied to
final class Advices {
    private Advices() {}

    static final class AcknowledgeFirst {
        private AcknowledgeFirst() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(0) Object received) throws Exception {
            received.getClass().getMethod("acknowledge").invoke(received);
        }
    }

    static final class DoneAtOnce {
        private DoneAtOnce() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(typing = Assigner.Typing.DYNAMIC) Object receipt) throws Exception {
            if (receipt != null) {
                receipt.getClass().getMethod("done").invoke(receipt);
            }
        }
    }

    static final class NothingKnown {
        private NothingKnown() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 0, readOnly = false, typing = Assigner.Typing.DYNAMIC) Object text) {
            if (text instanceof String) {
                text = null;
            }
        }
    }

    static final class NoKey {
        private NoKey() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object key) {
            key = null;
        }
    }

    static final class StoredAtOnce {
        private StoredAtOnce() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter(@Advice.AllArguments Object[] arguments) {
            ((Runnable) arguments[arguments.length - 1]).run();
            return true; // nothing is written
        }
    }

    static final class Yes {
        private Yes() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 0, readOnly = false) boolean follow) {
            follow = true;
        }
    }

    static final class No {
        private No() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) boolean answer) {
            answer = false;
        }
    }

    static final class NoWait {
        private NoWait() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object wait) {
            wait = null;
        }
    }
}
