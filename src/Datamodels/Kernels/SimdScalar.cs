namespace Datamodels.Kernels;

/// <summary>One lane: the meaning of every operation, for tests and for processors without vectors.</summary>
internal unsafe struct SimdScalar : ISimd<float>
{
    public static int Width => 1;

    public static int RowBlock => 4;

    public static float Load(float* source) => *source;

    public static void Store(float value, float* target) => *target = value;

    public static float Broadcast(float value) => value;

    public static float Number(float value) => value;

    public static float* Numbers(float* source, nint count, float* room) => source;

    public static float MultiplyAdd(float x, float y, float z) => MathF.FusedMultiplyAdd(x, y, z);

    public static float Add(float x, float y) => x + y;

    public static float Subtract(float x, float y) => x - y;

    public static float Multiply(float x, float y) => x * y;

    public static float Divide(float x, float y) => x / y;

    public static float Max(float x, float y) => x > y ? x : y;

    public static float WherePositive(float gate, float value) => gate > 0 ? value : 0;

    public static float WhereGreater(float x, float y, float yes, float no) => x > y ? yes : no;

    public static bool IsZero(float x) => x == 0;

    public static float Round(float x) => MathF.Round(x);

    public static float PowerOfTwo(float exponent) => BitConverter.Int32BitsToSingle(((int)exponent + 127) << 23);
}
