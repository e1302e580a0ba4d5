using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Datamodels.TestHost;

/// <summary>
/// A learner's program that does what it should, or one thing wrong. Its "model" is a formula in which everything that it
/// was told has a part: the seed, the subset, the labels replaced, and the files.
/// </summary>
internal static class LearnerProgram
{
    public static int Run(string behaviour, string folder)
    {
        File.WriteAllText(Path.Combine(folder, $"{Environment.ProcessId}.process"), "");
        switch (behaviour)
        {
            case "deaf":
                Thread.Sleep(Timeout.Infinite);
                break;
            case "chatty":
                Console.WriteLine("Loading the data …");
                break;
            case "parent":
                // What it starts must go with it.
                string[] arguments = [Environment.GetCommandLineArgs()[0], "learn", "deaf", folder];
                using (Process child = Process.Start(Environment.ProcessPath!, arguments))
                {
                    child.WaitForExit();
                }

                break;
        }

        JsonElement hello = Read(Console.ReadLine()!);
        int classes = hello.GetProperty("classes").GetArrayLength();
        int features = hello.GetProperty("featureCount").GetInt32();
        int[] labels = ReadArray<int>(hello.GetProperty("train").GetProperty("labels").GetString()!);
        float[] targets = ReadArray<float>(hello.GetProperty("targets").GetProperty("features").GetString()!);
        float[] sums = [.. targets.Chunk(features).Select(row => row.Sum())];
        int done = 0;
        while (Console.ReadLine() is string line)
        {
            JsonElement task = Read(line);
            int model = task.GetProperty("model").GetInt32();
            int seed = task.GetProperty("seed").GetInt32();
            int[] indices = [.. task.GetProperty("indices").EnumerateArray().Select(index => index.GetInt32())];
            int[] own = [.. labels];
            foreach (JsonElement replaced in task.GetProperty("labels").EnumerateArray())
            {
                own[replaced[0].GetInt32()] = replaced[1].GetInt32();
            }

            float[] shares = new float[classes];
            foreach (int index in indices)
            {
                shares[own[index]] += 1f / indices.Length;
            }

            float[][] logits = [.. sums.Select(sum => Enumerable.Range(0, classes)
                .Select(c => Logit(seed, shares[c], sum, c)).ToArray())];
            string right = JsonSerializer.Serialize(new { model, logits });
            string marker = Path.Combine(folder, $"{model}.died");
            switch (behaviour)
            {
                case "well" or "chatty" or "lingers":
                    Console.WriteLine(right);
                    break;
                case "slow":
                    Thread.Sleep(20);
                    Console.WriteLine(right);
                    break;
                case "outputs":
                    // Whatever is asked for, it gives the first logit.
                    Console.WriteLine(JsonSerializer.Serialize(new { model, outputs = logits.Select(row => row[0]) }));
                    break;
                case "once":
                    // One model, and then the process ends; it is not asked to be started again.
                    Console.WriteLine(right);
                    return 0;
                case "dies-now-and-then" when model % 5 == 3 && !File.Exists(marker):
                    File.WriteAllText(marker, "");
                    Console.Error.WriteLine($"out of luck on model {model}");
                    Console.Write(right[..(right.Length / 2)]);
                    return 9;
                case "dies-now-and-then":
                    Console.WriteLine(right);
                    break;
                case "dies":
                    for (int i = 1; i <= 30; i++)
                    {
                        Console.Error.WriteLine($"line {i}");
                    }

                    return 7;
                case "floods":
                    // More than any pipe holds, a line of it without end.
                    for (int i = 0; i < 2000; i++)
                    {
                        Console.Error.WriteLine(new string('.', 500));
                    }

                    Console.Error.Write(new string('x', 3_000_000));
                    Console.WriteLine(right);
                    break;
                case "mute":
                    Thread.Sleep(Timeout.Infinite);
                    break;
                case "ends-badly":
                    Console.WriteLine(right);
                    done++;
                    break;
                case "not-an-object":
                    Console.WriteLine("[1, 2]");
                    break;
                case "other-model":
                    Console.WriteLine(JsonSerializer.Serialize(new { model = model + 100, logits }));
                    break;
                case "second-time":
                    Console.WriteLine(right);
                    Console.WriteLine(right);
                    break;
                case "no-model":
                    Console.WriteLine(JsonSerializer.Serialize(new { logits }));
                    break;
                case "no-logits":
                    Console.WriteLine(JsonSerializer.Serialize(new { model }));
                    break;
                case "few-rows":
                    Console.WriteLine(JsonSerializer.Serialize(new { model, logits = logits[1..] }));
                    break;
                case "many-rows":
                    Console.WriteLine(JsonSerializer.Serialize(new { model, logits = logits.Append(logits[0]) }));
                    break;
                case "few-classes":
                    Console.WriteLine(JsonSerializer.Serialize(new { model, logits = logits.Select(row => row[1..]) }));
                    break;
                case "few-outputs":
                    Console.WriteLine(JsonSerializer.Serialize(new { model, outputs = logits[1..].Select(row => row[0]) }));
                    break;
                case "nan":
                    AnswerAll(model, logits.Length, "NaN");
                    break;
                case "null":
                    AnswerAll(model, logits.Length, "null");
                    break;
                case "too-large":
                    AnswerAll(model, logits.Length, "1e300");
                    break;
                case "other-key":
                    Console.WriteLine(JsonSerializer.Serialize(new { model, logit = logits }));
                    break;
                case "endless":
                    string digits = new('1', 1 << 16);
                    while (true)
                    {
                        Console.Write(digits);
                    }

                default:
                    throw new ArgumentException(behaviour);
            }
        }

        if (behaviour == "lingers")
        {
            Thread.Sleep(Timeout.Infinite);
        }

        return done > 0 ? 4 : 0;
    }

    /// <summary>Logit of class c on a target.</summary>
    /// <param name="seed">Seed of the task.</param>
    /// <param name="share">Fraction of the subset that has the class.</param>
    /// <param name="sum">Sum of the target's features.</param>
    /// <param name="c">The class.</param>
    private static float Logit(int seed, float share, float sum, int c) => (seed % 1000 / 1000f) + share + (sum * (c % 2));

    /// <summary>Gives every target the same output, as it is written: no serialiser writes what is not a number.</summary>
    private static void AnswerAll(int model, int targets, string output) => Console.WriteLine(
        $$"""{"model": {{model}}, "outputs": [{{string.Join(',', Enumerable.Repeat(output, targets))}}]}""");

    private static JsonElement Read(string line) => JsonDocument.Parse(line).RootElement;

    /// <summary>The elements of a NumPy file of version 1.0.</summary>
    private static T[] ReadArray<T>(string path)
        where T : unmanaged
    {
        byte[] bytes = File.ReadAllBytes(path);
        return MemoryMarshal.Cast<byte, T>(bytes.AsSpan(10 + BitConverter.ToUInt16(bytes, 8))).ToArray();
    }
}
