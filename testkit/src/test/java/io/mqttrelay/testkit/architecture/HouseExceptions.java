package io.mqttrelay.testkit.architecture;

import java.util.Map;

/**
 * Sources that may exceed a limit of {@link HouseLimits}, each with its reason. An entry that is not needed any more
 * fails {@link HouseLimitsTest}, as a missing one does. The lists must only become shorter.
 */
final class HouseExceptions {
    /** Packages with more files than a package may have. */
    static final Map<String, String> LARGE_PACKAGES = Map.ofEntries(
            Map.entry("deploy (tests)", "one class for each file that a user gets"),
            Map.entry("dispatch (tests)", "one class for each behaviour of a whole dispatcher"),
            Map.entry("faults (tests)", "one class for each row of faults"),
            Map.entry("ingest (tests)", "one class for each behaviour of a whole ingest"));

    /** Classes, by simple name, with more lines than a file may have. */
    static final Map<String, String> LONG_FILES = Map.ofEntries(
            Map.entry("AppDeadLetters", "one state machine for each app"),
            Map.entry("AppQueue", "all state of one app in the writer"),
            Map.entry("Assignment", "all state of one assigned partition"),
            Map.entry("Assignments", "all assigned partitions, and the offset at which each begins"),
            Map.entry("BlockedLanes", "all state of the blocked lanes of one cursor"),
            Map.entry("CallbackServer", "one server with all that tests ask of it"),
            Map.entry("CatchUp", "one consumer with its passes"),
            Map.entry("Connection", "one connection, from its start to its end"),
            Map.entry("ConsumerLoop", "the list of the steps of the consumer thread"),
            Map.entry("Cursor", "all state of one address in one partition"),
            Map.entry("Delivery", "all state of one delivery, in memory and in its lane"),
            Map.entry("DispatchService", "the wiring of one process"),
            Map.entry("DispatchSimulation", "one simulation with all its events"),
            Map.entry("FakeMember", "one fake of a large interface"),
            Map.entry("GroupReader", "one poll, and what each of its failures sets aside"),
            Map.entry("Handover", "one state machine for each partition that is given away"),
            Map.entry("IngestService", "the wiring of ingest"),
            Map.entry("IngestPath", "the whole path of a message, with its picture"),
            Map.entry("KafkaClients", "each client with its settings"),
            Map.entry("KafkaReach", "each way in which Kafka cannot be reached"),
            Map.entry("LaneAddress", "one lock and all that it guards"),
            Map.entry("Lanes", "one lock and all that it guards"),
            Map.entry("LanesPropertiesTest", "one model with all its actions"),
            Map.entry("MqttSource", "one state machine: connected, ending, waiting"),
            Map.entry("OffsetCommitter", "one commit at a time, from its start to its answer"),
            Map.entry("OpenFailures", "one count that begins again in several ways"),
            Map.entry("ProgressCodec", "one text form, both ways"),
            Map.entry("PackageTable", "one table of all packages"),
            Map.entry("PublishGate", "one parser of MQTT packets as they stream by"),
            Map.entry("RecordWriter", "the list of the steps of the writer thread"),
            Map.entry("RecordWriterTest", "one behaviour of many cases"),
            Map.entry("Unacked", "one memory and all that is counted in it"));

    /** Simple names of several classes. */
    static final Map<String, String> SHARED_NAMES = Map.ofEntries(
            Map.entry("Answer", "of a destination, and of a callback server in tests"),
            Map.entry("ArchitectureTest", "each module has one"),
            Map.entry("Delivery", "testkit.guarantee watches from outside what dispatch does"),
            Map.entry("KafkaAwayIT", "each half has one"),
            Map.entry("LogLines", "the test logs of each half"),
            Map.entry("Main", "each application has one"),
            Map.entry("Order", "testkit.guarantee watches from outside what ingest does"),
            Map.entry("ReloadIT", "each half has one"),
            Map.entry("Run", "of offsets, and of the fault suite"),
            Map.entry("Secret", "one of them breaks a rule for a test"),
            Map.entry("Verdict", "testkit.guarantee and dispatch.deliver each judge"));

    private HouseExceptions() {}
}
