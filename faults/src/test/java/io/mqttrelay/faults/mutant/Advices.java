package io.mqttrelay.faults.mutant;

import java.io.File;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * The code that is added to the program's methods. It is copied there, so it may use nothing of this package. It finds
 * the program's classes by name, since this module is not compiled against the program.
 */
@SuppressWarnings("UnusedVariable") // values set here are read in the method that the code is copied to
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

    static final class Nothing {
        private Nothing() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean enter() {
            return true;
        }
    }

    static final class NoneLost {
        private NoneLost() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object all) {
            all = List.of();
        }
    }

    static final class OneCopy {
        private OneCopy() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return Map<String, Object> config) {
            config.put("acks", "1");
            config.put("enable.idempotence", false);
        }
    }

    static final class EndOffsets {
        private EndOffsets() {}

        @Advice.OnMethodExit
        static void exit(
                @Advice.This Consumer<?, ?> consumer,
                @Advice.Argument(0) Collection<TopicPartition> partitions,
                @Advice.Return(readOnly = false) Map<TopicPartition, Long> offsets) {
            offsets = consumer.endOffsets(partitions);
        }
    }

    static final class Print {
        private Print() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(0) Object event) {
            System.err.println(event);
        }
    }

    static final class Yes {
        private Yes() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.Argument(value = 0, readOnly = false) boolean follow) {
            follow = true;
        }
    }

    static final class FailWhenTold {
        private FailWhenTold() {}

        @Advice.OnMethodEnter
        static void enter(@Advice.Origin("#t") String type) throws Exception {
            File folder = new File(System.getProperty("relay.faults.told"));
            if (new File(folder, type).exists()) {
                throw new AssertionError("an error on purpose");
            }
            if (new File(folder, type + ".stand-still").delete()) {
                Thread.sleep(10_000);
            }
        }
    }

    static final class Always {
        private Always() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Return(readOnly = false) boolean answer) {
            answer = true;
        }
    }

    static final class OnlyOnce {
        private OnlyOnce() {}

        @Advice.OnMethodExit
        static void exit(@Advice.Argument(0) int attempts, @Advice.Return(readOnly = false) boolean answer) {
            answer = attempts == 0;
        }
    }
}
